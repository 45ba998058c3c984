#!/usr/bin/env bash
# What the tests of documents need from Debian: LibreOffice to open Word and Excel files, poppler to look into PDF files.
set -euo pipefail
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

missing=()
for name in libreoffice-writer-nogui libreoffice-calc-nogui poppler-utils fonts-noto-cjk; do
	dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q 'ok installed' || missing+=("$name")
done
[ ${#missing[@]} -eq 0 ] && exit 0
as_root apt-get update -qq
DEBIAN_FRONTEND=noninteractive as_root apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
