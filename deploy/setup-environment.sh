#!/usr/bin/env bash
# The virtual environment .venv from a hash lock; nothing is installed outside it but, on Debian, python3-venv and a C compiler.
# usage: setup-environment.sh LOCK [PYTHON]
set -euo pipefail
lock=$1
python=${2:-python3}
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
	echo "需要 Python 3.11 或更高版本 · Python 3.11 or newer is needed" >&2
	exit 1
}
if [ ! -x .venv/bin/python ]; then
	if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
		as_root apt-get update -qq
		as_root apt-get install -y -qq python3-venv
	fi
	"$python" -m venv .venv
fi
if command -v uv >/dev/null 2>&1; then
	install() { uv pip install --quiet --python .venv/bin/python "$@"; }
else
	install() { .venv/bin/python -m pip install --quiet --disable-pip-version-check "$@"; }
fi
if ! command -v cc >/dev/null 2>&1 && command -v apt-get >/dev/null 2>&1; then
	{ as_root apt-get update -qq && as_root apt-get install -y -qq --no-install-recommends gcc libc6-dev; } ||
		echo "没有 C 编译器：不建快速索引，结论相同 · No C compiler: no fast index, the same answers" >&2
fi
install --require-hashes -r "$lock"
install --no-deps --no-build-isolation -e .
