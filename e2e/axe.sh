#!/usr/bin/env bash
# Makes sure that axe-core is there, which finds what keeps people out of a
# page. The lock file names the one version and its hash.
set -euo pipefail
cd "$(dirname "$0")/axe"

if [[ node_modules/axe-core/axe.min.js -nt package-lock.json ]]; then
  exit 0
fi
if ! command -v npm >/dev/null; then
  if ((EUID != 0)) || ! command -v apt-get >/dev/null; then
    echo "there is no npm to fetch axe-core with: install npm" >&2
    exit 1
  fi
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends npm
fi
npm ci --ignore-scripts --no-audit --no-fund --silent
touch node_modules/axe-core/axe.min.js # npm keeps the time of 1985
