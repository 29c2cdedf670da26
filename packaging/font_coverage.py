"""Writes resources/fonts/coverage.json: which of our fonts has which sign.

    python packaging/font_coverage.py            # write it
    python packaging/font_coverage.py --check    # exit 1 when it is not what the fonts hold

A receipt asks for every sign of every line, so the answer is a table and not a look into two dozen files.
"""

import json
import sys
from pathlib import Path

from reportlab.pdfbase.ttfonts import TTFontFile

FONTS = Path(__file__).resolve().parents[1] / "resources" / "fonts"
TABLE = FONTS / "coverage.json"
#: The order in which they are asked: the face of receipts, then Latin and its neighbours, then scripts.
FIRST = ("JetBrainsMono-Regular.ttf", "noto/NotoSans-Regular.ttf", "Inter-Regular.ttf")


def ranges(points: list[int]) -> list[list[int]]:
    """First and last of every run of code points."""
    runs: list[list[int]] = []
    for point in sorted(points):
        if runs and runs[-1][1] == point - 1:
            runs[-1][1] = point
        else:
            runs.append([point, point])
    return runs


def table() -> str:
    """The table, as it should stand."""
    others = sorted(path.relative_to(FONTS).as_posix() for path in FONTS.glob("noto/*.ttf"))
    names = [*FIRST, *(name for name in others if name not in FIRST)]
    found = {
        # What is no letter (a glyph of nothing) is left out.
        name: ranges([point for point, glyph in TTFontFile(str(FONTS / name)).charToGlyph.items() if glyph])
        for name in names
    }
    return json.dumps(found, separators=(",", ":")) + "\n"


def main(arguments: list[str]) -> int:
    """Write the table, or say whether it is fresh."""
    if "--check" in arguments:
        return 0 if TABLE.read_text(encoding="utf-8") == table() else 1
    TABLE.write_text(table(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
