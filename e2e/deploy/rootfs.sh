#!/usr/bin/env bash
# Makes the root file system of a container that holds the program and nothing else.
#
#   e2e/deploy/rootfs.sh DIR [PROGRAM]
#
# There is no shell and no library in it. The program runs as a user of its own, 65532,
# who can write to /data and /tmp only. The certificate authorities are for a NATS
# cluster whose certificate is one of theirs.
set -euo pipefail

root=${1:?usage: rootfs.sh DIR [PROGRAM]}
program=${2:-bin/seaway}
user=65532

mkdir -p "$root"/{etc/ssl/certs,data,tmp}
install -m 755 "$program" "$root/seaway"
echo "seaway:x:$user:$user:seaway:/data:/none" >"$root/etc/passwd"
echo "seaway:x:$user:" >"$root/etc/group"
if [[ -e /etc/ssl/certs/ca-certificates.crt ]]; then
  install -m 644 /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
fi
chmod 755 "$root" "$root/etc" "$root/etc/ssl" "$root/etc/ssl/certs"
chmod 1777 "$root/tmp"
chmod 700 "$root/data"
chown -R 0:0 "$root"
chown "$user:$user" "$root/data"
