#!/usr/bin/env bash
# Makes sure that there are browsers to test in, a Chromium and a Firefox, with a font for
# Chinese, and curl and Python, which run the clients of WIRE.md. Installs Debian's if there are not.
# BROWSER may name a browser of either make.
set -euo pipefail

# installed tells whether any of the programs is.
installed() {
  for program in "$@"; do
    if command -v "$program" >/dev/null; then
      return 0
    fi
  done
  return 1
}

named=${BROWSER:-}
missing=()
[[ $named && ${named##*/} != *firefox* ]] && installed "$named" || installed chromium chromium-browser google-chrome || missing+=(chromium)
[[ ${named##*/} == *firefox* ]] && installed "$named" || installed firefox-esr firefox || missing+=(firefox-esr)
[[ -d /usr/share/fonts/opentype/noto ]] || ! command -v apt-get >/dev/null || missing+=(fonts-noto-cjk)
installed curl || missing+=(curl)
installed python3 || missing+=(python3)
if ((${#missing[@]} == 0)); then
  exit 0
fi

if ! command -v apt-get >/dev/null; then
  echo "there is no ${missing[*]}, and no apt-get to install it: install Chromium, Firefox, curl and Python 3" >&2
  exit 1
fi
as_root=()
if ((EUID != 0)); then
  if ! sudo -n true 2>/dev/null; then
    echo "there is no ${missing[*]}, and installing takes root: run apt-get install ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo -n)
fi
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
