#!/bin/sh
# python-escpos 3.1: importing it sets up the log of the whole program.  escpos.capabilities calls logging.basicConfig()
# as it is loaded, so that a program that imports a printer before it has set up a log of its own has a handler on the
# root logger from then on: every line of every logger at its level comes out on standard error as well, which a command
# with machine-readable output or its own log file does not expect of a library (the logging HOWTO asks libraries to add
# a NullHandler to their own logger and nothing else).  Whoever prints by it must have a handler on the root logger
# before the import, or take this one away behind it.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" --quiet --disable-pip-version-check install python-escpos==3.1 setuptools==80.9.0
cd "$work"
"$work/venv/bin/python" - <<'PYTHON' 2>"$work/err"
import logging
from importlib.metadata import version

assert version("python-escpos") == "3.1", version("python-escpos")
root = logging.getLogger()
assert not root.handlers

import escpos.capabilities

print("handlers of the root logger after the import:", root.handlers)
assert [type(one).__name__ for one in root.handlers] == ["StreamHandler"], "none is added now: the behaviour has changed"
logging.getLogger("till").warning("a line for the till's own file")
PYTHON
grep "WARNING:till:a line for the till's own file" "$work/err" || { echo "the behaviour has changed"; exit 1; }
