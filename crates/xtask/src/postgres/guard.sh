# Runs a server for as long as standard input stays open, then stops it and removes the directory that this started in,
# which is $1; the rest is the server's command line. The other end of the pipe is the program that wants the server:
# however that one ends, be it by SIGKILL, the pipe closes.
trap '' HUP INT TERM
directory=$1
shift
exec 3<&0 </dev/null
"$@" >log 2>&1 3<&- &
server=$!
{
  cat <&3 >/dev/null
  # Nobody needs the data: an immediate shutdown. (The directory is gone where the server ended by itself.)
  [ -d "$directory" ] && : >stopping && kill -QUIT "$server"
} 2>/dev/null &
exec 3<&-
wait "$server"
status=$?
[ -e stopping ] || cat log >&2
cd / && rm -rf "$directory"
exit "$status"
