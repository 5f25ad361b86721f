#!/bin/sh
# Installs the browser of the browser tests, and a Japanese font, where they are missing and can
# be had. Without them those tests are skipped, unless REQUIRE_BROWSER=1 makes that a failure.
set -u

missing=
command -v chromium >/dev/null 2>&1 || missing=chromium
find /usr/share/fonts /usr/local/share/fonts -iname '*CJK*' 2>/dev/null | grep -q . ||
    missing="$missing fonts-noto-cjk"
[ -z "$missing" ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing$(printf ' %s' $missing) for the browser tests …"
    export DEBIAN_FRONTEND=noninteractive
    apt-get -q update && apt-get -q install -y --no-install-recommends $missing && exit 0
    echo "They could not be installed." >&2
fi
echo "For the browser tests install$(printf ' %s' $missing) (on Debian: apt-get, as root)." >&2
[ "${REQUIRE_BROWSER:-}" != 1 ]
