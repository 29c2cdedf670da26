"""What a command gives back, and how it is printed: lines for a person, or one JSON object for a program."""

import json
import sys
from dataclasses import dataclass, field
from typing import Any

import typer


@dataclass(frozen=True)
class Answer:
    """`values` is the JSON object, `lines` what a person reads; not `ok` ends with exit code 1.

    One that holds neither prints nothing: what there was to say stands on standard output already.
    """

    values: dict[str, Any] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    ok: bool = True


def print_answer(answer: Answer, as_json: bool) -> None:
    """Print an answer.  Raises `typer.Exit` with code 1 for one that is not ok."""
    if as_json:
        out(json.dumps({"ok": answer.ok, **answer.values}, ensure_ascii=False))
    elif answer.values or answer.lines:
        out("\n".join(answer.lines))
    if not answer.ok:
        if as_json:
            # The JSON object has standard output to itself: what is wrong is said beside it.
            sys.stderr.write("\n".join(answer.lines) + "\n")
        raise typer.Exit(1)


def out(text: str) -> None:
    """Print a line, now."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
