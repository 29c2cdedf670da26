"""What a command gives back, and how it is printed: lines for a person, or one JSON object for a program."""

import contextlib
import json
import sys
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final

import typer

from pos_app.language import Sentence


@dataclass(frozen=True)
class Answer:
    """`values` is the JSON object, `lines` what a person reads; not `ok` ends with exit code 1.

    One that holds neither prints nothing: what there was to say stands on standard output already.
    """

    values: dict[str, Any] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    ok: bool = True


#: Who hears the answers instead of standard output; None outside of `heard`.
_HEARING: Final[ContextVar[list[Answer] | None]] = ContextVar("hearing", default=None)


@contextlib.contextmanager
def heard() -> Iterator[list[Answer]]:
    """The answers of the commands that run in the block, which are not printed."""
    answers: list[Answer] = []
    token = _HEARING.set(answers)
    try:
        yield answers
    finally:
        _HEARING.reset(token)


def print_answer(answer: Answer, as_json: bool) -> None:
    """Print an answer.  Raises `typer.Exit` with code 1 for one that is not ok."""
    hearing = _HEARING.get()
    if hearing is not None:
        hearing.append(answer)
        if not answer.ok:
            raise typer.Exit(1)
        return
    if as_json:
        out(json.dumps({"ok": answer.ok, **answer.values}, ensure_ascii=False))
    elif answer.values or answer.lines:
        out(_spoken(answer))
    if not answer.ok:
        if as_json:
            # The JSON object has standard output to itself: what is wrong is said beside it.
            sys.stderr.write(_spoken(answer) + "\n")
        raise typer.Exit(1)


def counted(number: int, thing: str, many: str = "") -> str:
    """So many of something, in words: 1 flag, 2 flags."""
    return f"{number} {thing if number == 1 else many or thing + 's'}"


def _spoken(answer: Answer) -> str:
    """The lines; what is a sentence under a code is said in the language in force."""
    return "\n".join(line.spoken if isinstance(line, Sentence) else line for line in answer.lines)


def out(text: str) -> None:
    """Print a line, now."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
