#!/bin/sh
# Installs the virus scanner of the evidence tests where it is missing and can be had. Without it
# those tests are skipped, unless REQUIRE_CLAMD=1 makes that a failure. It is not started here, and
# no signatures are fetched: the tests start their own with one signature of their own.
set -u

command -v clamd >/dev/null 2>&1 && exit 0

quietly() {  # Debian starts services when it installs them; here none is wanted
    policy=/usr/sbin/policy-rc.d
    if [ -e "$policy" ]; then
        "$@"
        return
    fi
    printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy"
    "$@"
    result=$?
    rm -f "$policy"
    return "$result"
}

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing clamav-daemon for the evidence tests …"
    export DEBIAN_FRONTEND=noninteractive
    apt-get -q update &&
        quietly apt-get -q install -y --no-install-recommends clamav-daemon && exit 0
    echo "It could not be installed." >&2
fi
echo "For the evidence tests install clamav-daemon (on Debian: apt-get, as root)." >&2
[ "${REQUIRE_CLAMD:-}" != 1 ]
