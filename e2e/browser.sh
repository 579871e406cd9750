#!/usr/bin/env bash
# Makes sure that there is a browser to test in: the one named by BROWSER, one
# that is installed, or Debian's Chromium, which it installs.
set -euo pipefail

for browser in ${BROWSER:+"$BROWSER"} chromium chromium-browser google-chrome; do
  if command -v "$browser" >/dev/null; then
    exit 0
  fi
done

if ! command -v apt-get >/dev/null; then
  echo "there is no browser, and no apt-get to install one: install Chromium, or name a browser in BROWSER" >&2
  exit 1
fi
as_root=()
if ((EUID != 0)); then
  if ! sudo -n true 2>/dev/null; then
    echo "there is no browser, and installing one takes root: run apt-get install chromium" >&2
    exit 1
  fi
  as_root=(sudo -n)
fi
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium
