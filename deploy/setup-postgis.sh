#!/usr/bin/env bash
# What the PostGIS tests need from Debian: the server programs and the extension; the tests start a cluster of their own.
set -euo pipefail
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

compgen -G '/usr/share/postgresql/*/extension/postgis.control' >/dev/null && exit 0
as_root apt-get update -qq
# No cluster of the system's own: it would only listen for nobody.
as_root mkdir -p /etc/postgresql-common
[ -e /etc/postgresql-common/createcluster.conf ] || echo 'create_main_cluster = false' | as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
DEBIAN_FRONTEND=noninteractive as_root apt-get install -y -qq --no-install-recommends postgresql postgresql-postgis >/dev/null
