# Fetches the Debian package $2, and those libraries that are missing here, and unpacks them into the directory $1. Nothing is
# installed and nothing outside the directory changes, so that no privilege is needed.
set -eu
root=$1
package=$2
new=$root.new
rm -rf "$new"
mkdir -p "$new/apt/lists/partial" "$new/apt/cache/archives/partial"
apt() {
  apt-get -qq -o Debug::NoLocking=true -o Dir::State::Lists="$new/apt/lists" -o Dir::Cache="$new/apt/cache" "$@"
}
apt update
# With --download-only apt works out what is missing, and stops before it would need to be root.
apt -y --no-install-recommends --download-only install "$package"
for archive in "$new"/apt/cache/archives/*.deb; do
  dpkg-deb --extract "$archive" "$new"
done
rm -rf "$new/apt" "$root"
mv "$new" "$root"
