#!/usr/bin/env bash
# install_packages.sh SECTION...: installs those sections of packages.txt. Where all are there it does nothing and
# needs neither root nor network. Two at once are safe: the second waits for the first.
set -euo pipefail
self=$(readlink -f "$0")
list=$(dirname "$self")/packages.txt

wanted() {
  awk -v sections=" $* " '
    /^\[.*\]$/ { on = index(sections, " " substr($0, 2, length($0) - 2) " "); next }
    /^[a-z0-9]/ && on { print $1 }' "$list"
}

missing() {
  local installed
  installed=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' | awk '$2 == "installed" { print $1 }' | sort -u)
  comm -23 <(wanted "$@" | sort -u) <(printf '%s\n' "$installed")
}

# apt's own lock option does not cover the package lists, hence the tries.
update_lists() {
  local try
  for try in 1 2 3 4 5; do
    apt-get -q update && return
    echo "apt-get update failed, try $try of 5"
    sleep $((try * 5))
  done
  return 1
}

if ! command -v apt-get dpkg-query >/dev/null; then
  echo "This is no Debian: the packages of $list are yours to install." >&2
  exit 0
fi
for section in "$@"; do
  grep -qxF "[$section]" "$list" || { echo "packages.txt has no section [$section]" >&2; exit 2; }
done
if [ -z "$(missing "$@")" ]; then
  echo "all $(wanted "$@" | wc -l) packages are installed"
  exit 0
fi
if [ "$(id -u)" != 0 ]; then
  command -v sudo >/dev/null && exec sudo -- "$self" "$@"
  echo "Packages are missing and this is neither root nor a machine with sudo. As root, run:" >&2
  echo "  apt-get install" $(missing "$@") >&2
  exit 1
fi

exec 9>/run/lock/troupe-packages.lock
flock 9
names=$(missing "$@")
[ -n "$names" ] || exit 0
export DEBIAN_FRONTEND=noninteractive
update_lists
# shellcheck disable=SC2086 # one word per package
apt-get -q -y -o DPkg::Lock::Timeout=600 install --no-install-recommends $names
