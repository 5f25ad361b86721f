#!/bin/sh
# Makes .venv with exactly what requirements/dev.txt names; does nothing when that is done.
# PYTHON=… chooses the interpreter, otherwise the newest that fits is taken.
set -eu

fits='import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))'
version='import sys; print(sys.version_info[:2])'

works() { "$1" -c "$fits" >/dev/null 2>&1; }

choose() {
    if [ -n "${PYTHON:-}" ]; then
        works "$PYTHON" && echo "$PYTHON" && return
        echo "PYTHON=$PYTHON is no Python 3.11 to 3.14 with the modules venv and ensurepip." >&2
        exit 1
    fi
    for each in python3.14 python3.13 python3.12 python3.11 python3; do
        works "$each" && echo "$each" && return
    done
    echo "No Python 3.11 to 3.14 with the modules venv and ensurepip was found;" \
        "install one (on Debian: python3 and python3-venv), or name it with PYTHON=…" >&2
    exit 1
}

kept() { # whether the .venv that is there can stay
    works .venv/bin/python && .venv/bin/python -m pip --version >/dev/null 2>&1 || return 1
    [ -z "${PYTHON:-}" ] || [ "$("$PYTHON" -c "$version")" = "$(.venv/bin/python -c "$version")" ]
}

if kept; then
    [ .venv/ready -nt requirements/dev.txt ] && exit 0
else
    python=$(choose)
    echo "Making .venv with $("$python" --version) …"
    "$python" -m venv --clear .venv
fi
.venv/bin/python -m pip install --disable-pip-version-check --require-hashes -r requirements/dev.txt
touch .venv/ready
