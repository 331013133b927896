# Installs PostgreSQL's server with apt-get, as root. The Debian package makes and starts a cluster of its own unless it
# is told not to; the tests bring theirs.
set -eu
settings=/etc/postgresql-common/createcluster.conf
if [ ! -e "$settings" ]; then
  trap 'rm -f "$settings"' EXIT
  mkdir -p "${settings%/*}"
  echo 'create_main_cluster = false' >"$settings"
fi
export DEBIAN_FRONTEND=noninteractive
apt-get -qq update
apt-get -qq -y --no-install-recommends install postgresql
