#!/usr/bin/env bash
# Makes sure that what the tests drive is there: Debian's Node, npm, the proxies of the
# guide, iproute2, iptables, systemd (for its checks) and strace, and the clients of npm
# that the lock file names.
set -euo pipefail
cd "$(dirname "$0")"

missing=()
for pair in node:nodejs npm:npm varnishd:varnish nginx:nginx-light caddy:caddy apache2:apache2 haproxy:haproxy ip:iproute2 iptables:iptables systemd-analyze:systemd strace:strace; do
  PATH=$PATH:/usr/sbin command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}")
done
if ((${#missing[@]} > 0)); then
  if ((EUID != 0)) || ! command -v apt-get >/dev/null; then
    echo "there is no ${missing[*]}: run apt-get install ${missing[*]}" >&2
    exit 1
  fi
  apt-get update -qq
  # Proxies begin to serve when they are installed, unless that is forbidden.
  RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
fi
if ! [[ clients/node_modules/.installed -nt clients/package-lock.json ]]; then
  (cd clients && npm ci --ignore-scripts --no-audit --no-fund --silent)
  touch clients/node_modules/.installed
fi
