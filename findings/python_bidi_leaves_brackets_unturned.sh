#!/bin/sh
# python-bidi 0.6.12: the compiled get_display puts signs into their visual order and leaves brackets as they were, so
# that a Hebrew or Arabic name with a remark in brackets prints them the wrong way round: ")13(".  Rule L4 of the
# Unicode Bidirectional Algorithm (UAX 9) wants them mirrored.  The older algorithm of the same wheel, bidi.algorithm,
# mirrors them; both are called get_display, and whoever follows the README imports the first.  Whoever sets labels or
# receipts with it must turn mirrored signs by himself.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" --quiet --disable-pip-version-check install python-bidi==0.6.12
cd "$work"
"$work/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version

import bidi
import bidi.algorithm

assert version("python-bidi") == "0.6.12", version("python-bidi")
for name in ("גז (13) מלא", "غاز [6] كامل", "מחיר <7>"):
    compiled, written = bidi.get_display(name), bidi.algorithm.get_display(name)
    print(f"{name!r}: compiled {compiled!r}, written in Python {written!r}")
    opening = min(compiled.find(sign) for sign in "([<)]>" if sign in compiled)
    assert compiled[opening] in ")]>", "the compiled one mirrors brackets now: the behaviour has changed"
    opening = min(written.find(sign) for sign in "([<)]>" if sign in written)
    assert written[opening] in "([<", "the one in Python mirrors them no longer: the behaviour has changed"
PYTHON
