"""A file of commands: one a line, as they are typed after `bohari`, with remarks between them.

A backslash at its end carries a line on to the next one.  Quotation marks work as at a shell; nothing else
does: no variables, no pipes, no other programs.
"""

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pos_app.ledger.errors import Refused, Unavailable

#: A file of commands is written by people; a megabyte of them is another kind of file.
_MOST_BYTES: Final = 1_000_000
_REMARK: Final = "#"
_CARRIED_ON: Final = "\\"
_PROGRAM: Final = "bohari"


@dataclass(frozen=True)
class WrittenCommand:
    """A command and the line of the file on which it begins, from 1."""

    line_no: int
    words: tuple[str, ...]

    @property
    def shown(self) -> str:
        """As it may be typed at a shell."""
        return shlex.join(self.words)


def read_commands(path: Path) -> list[WrittenCommand]:
    """The commands of a file.

    Raises `Unavailable` for a file that cannot be read, `Refused` for one that is no text, and for a line
    with a quotation mark that nothing closes, naming it.
    """
    try:
        written = path.read_bytes()
    except OSError as error:
        raise Unavailable("path-unreadable", path=path, why=error.strerror) from error
    try:
        text = written.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("apply-not-text", path=path) from None
    if len(written) > _MOST_BYTES:
        raise Refused("apply-not-text", path=path)
    return [found for line_no, line in _whole_lines(text) if (found := _command(line_no, line)) is not None]


def _whole_lines(text: str) -> list[tuple[int, str]]:
    """Lines with what they are carried on by, and the number of the first of each."""
    lines: list[tuple[int, str]] = []
    open_ = False
    for line_no, line in enumerate(text.splitlines(), start=1):
        told = line.strip()
        is_remark = told.startswith(_REMARK) and not open_
        carried = told.endswith(_CARRIED_ON) and not is_remark
        piece = told.removesuffix(_CARRIED_ON)
        if open_:
            first, before = lines[-1]
            lines[-1] = first, f"{before} {piece}"
        else:
            lines.append((line_no, piece))
        open_ = carried
    return lines


def _command(line_no: int, line: str) -> WrittenCommand | None:
    try:
        words = shlex.split(line, comments=True)
    except ValueError:
        raise Refused("apply-quotation-open", line=line_no) from None
    if words and words[0] == _PROGRAM:
        words = words[1:]
    return WrittenCommand(line_no, tuple(words)) if words else None
