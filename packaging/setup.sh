#!/bin/sh
# Makes the project's own environment: system libraries through apt where it may, uv, and what uv.lock names.
# Does nothing when all is there. Leaves only .uv/ and .venv/ behind, and what pip and uv keep in their caches.
set -eu
cd "$(dirname "$0")/.."

SYSTEM="libglib2.0-0 libgl1 libegl1 libfontconfig1 libxkbcommon0 libdbus-1-3 libzbar0"
WINDOW="libxcb-cursor0 libxkbcommon-x11-0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0"
# Independent judges of the exported journal and of what a PDF says; the tests skip what cannot be installed.
JUDGES="hledger poppler-utils"
# In which the pages of the back office are opened and judged; by itself, for not every system has it by this name.
BROWSER="chromium"

say() { printf '%s\n' "$*" >&2; }

missing() {
    for package in "$@"; do
        # A package may have become another's (libglib2.0-0t64 provides libglib2.0-0).
        dpkg-query -W -f='${db:Status-Abbrev}' "$package" 2>/dev/null | grep -q '^ii' && continue
        dpkg-query -W -f='${db:Status-Abbrev}' "${package}t64" 2>/dev/null | grep -q '^ii' && continue
        printf '%s ' "$package"
    done
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Root, sudo without a password, or somebody at the terminal who gives one.
may_be_root() {
    [ "$(id -u)" = 0 ] && return 0
    command -v sudo >/dev/null 2>&1 || return 1
    sudo -n true 2>/dev/null && return 0
    [ -t 0 ] && sudo -v -p "Password of %u, to install $*: "
}

apt_install() {
    command -v apt-get >/dev/null 2>&1 && may_be_root "$@" || return 1
    say "Installing: $*"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" >/dev/null 2>&1 && return 0
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq >/dev/null 2>&1 || return 1
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" >/dev/null 2>&1
}

if ! command -v python3 >/dev/null 2>&1 || ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    say "Bohari POS needs python3, version 3.11 or newer; install it and run make again."
    exit 1
fi

# One at a time: two makes in a fresh clone would take the environment from under each other.
exec 9<packaging/setup.sh
! command -v flock >/dev/null 2>&1 || flock 9

absent=""
if command -v dpkg-query >/dev/null 2>&1; then
    wanted="$SYSTEM"
    if [ -z "${OFFSCREEN:-}" ] && [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then wanted="$wanted $WINDOW"; fi
    absent=$(missing $wanted)
fi
if [ ! -x .uv/bin/uv ] && ! python3 -c 'import ensurepip, venv' >/dev/null 2>&1; then
    absent="$absent$(python3 -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
fi
if [ -n "$absent" ]; then
    apt_install $absent || { say "Please install these packages and run make again: $absent"; exit 1; }
fi

# A home that cannot be written (or none) must not stop pip and uv.
cache="${XDG_CACHE_HOME:-${HOME:+$HOME/.cache}}"
if [ -z "$cache" ] || ! mkdir -p "$cache" 2>/dev/null || [ ! -w "$cache" ]; then
    export XDG_CACHE_HOME="$PWD/.uv/cache"
fi

if [ ! -x .uv/bin/uv ]; then
    rm -rf .uv
    python3 -m venv .uv
    .uv/bin/python -m pip install --quiet --disable-pip-version-check "uv>=0.7,<1"
fi

if [ ! -e .venv/.ready ] || [ uv.lock -nt .venv/.ready ] || [ pyproject.toml -nt .venv/.ready ]; then
    # Compiled now, once: else whoever starts first waits for it, or each process does where nothing may be written.
    UV_COMPILE_BYTECODE=1 .uv/bin/uv sync --locked --quiet --python "$(command -v python3)"
    if command -v dpkg-query >/dev/null 2>&1; then
        absent=$(missing $JUDGES)
        [ -z "$absent" ] || apt_install $absent || say "Not installed, so the tests skip it: $absent"
        absent=$(missing $BROWSER)
        [ -z "$absent" ] || apt_install $absent || say "Not installed, so the tests skip it: $absent"
    fi
    touch .venv/.ready
fi
