"""Writes docs/decisions.md: every dated decision, collected from the files that it shapes.

    python packaging/decisions.py            # write it
    python packaging/decisions.py --check    # exit 1 when it is not what the files say

A decision is a paragraph that begins with its day and two spaces (in a docstring or a comment), or with
"Decision", the day and a colon.  It stands where it binds; the page is only its index.
"""

import re
import sys
import textwrap
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "decisions.md"
ROOMS = ("pos_app", "sync", "demo", "resources", "migrations", "packaging", "tests")
_SKIPPED = {"__pycache__", "versions"}
_BEGINS = re.compile(r"^(?:(\d{4}-\d\d-\d\d)  +|Decision (\d{4}-\d\d-\d\d): *)(?=\S)")


class Decision(NamedTuple):
    """What was decided, on which day, and the file that it binds."""

    day: str
    file: str
    text: str


def paragraphs(text: str) -> Iterator[str]:
    """The paragraphs of a docstring or of a run of comments, each on one line."""
    for part in re.split(r"\n\s*\n|\n-+\n|\n(?=\d{4}-\d\d-\d\d  )", textwrap.dedent(text)):
        yield " ".join(line.strip() for line in part.strip().splitlines())


def texts(path: Path) -> Iterator[str]:
    """The docstrings and the comments of a file, in their order; comments that follow each other are one."""
    comments: list[str] = []
    with tokenize.open(path) as source:
        for token in tokenize.generate_tokens(source.readline):
            if token.type == tokenize.COMMENT:
                comments.append(token.string.lstrip("#:").removeprefix(" "))
                continue
            if token.type in (tokenize.NL, tokenize.INDENT, tokenize.DEDENT):
                continue
            if comments:
                yield "\n".join(comments)
                comments = []
            if token.type == tokenize.STRING and token.string.lstrip("rRbBuU").startswith('"""'):
                body = token.string.lstrip("rRbBuU")[3:-3]
                first, _, rest = body.partition("\n")
                yield f"{first}\n{textwrap.dedent(rest)}"


def decisions() -> list[Decision]:
    """Every decision, by day and file."""
    found = []
    for path in sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py")):
        if _SKIPPED & set(path.parts):
            continue
        name = path.relative_to(ROOT).as_posix()
        for text in texts(path):
            for paragraph in paragraphs(text):
                begins = _BEGINS.match(paragraph)
                if begins is not None:
                    day = begins.group(1) or begins.group(2)
                    found.append(Decision(day, name, paragraph[begins.end() :]))
    return sorted(found, key=lambda one: (one.day, one.file))


def page() -> str:
    """The page, as it should stand."""
    lines = [
        "# Decisions",
        "",
        "Collected by `python packaging/decisions.py` from the files that they bind. "
        "A test fails when this page is not fresh.",
    ]
    day = file = ""
    for one in decisions():
        if one.day != day:
            day, file = one.day, ""
            lines += ["", f"## {day}"]
        if one.file != file:
            file = one.file
            lines += ["", f"**[{file}](../{file})**", ""]
        lines.append(f"- {one.text}")
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    """Write the page, or say whether it is fresh."""
    if "--check" in arguments:
        return 0 if PAGE.read_text(encoding="utf-8") == page() else 1
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
