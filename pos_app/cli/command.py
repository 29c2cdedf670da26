"""What the commands share on the command line: their common options, and printing an answer."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from pos_app import settings
from pos_app.cli.answer import Answer
from pos_app.log import setting_up as log


def _choose_organisation(name: str) -> str:
    """Keep `--org` where the settings of a home are read."""
    settings.ORGANISATION.set(name or None)
    return name


def _begin_log(context: typer.Context, home: Path) -> Path:
    """Log into the home that the command is for, as soon as it is known."""
    log.begin(home, context.command_path.removeprefix("bohari "))
    return home


Home = Annotated[
    Path,
    typer.Option(
        "--home",
        envvar="BOHARI_HOME",
        help="The folder of this till or centre.",
        callback=_begin_log,
    ),
]
Org = Annotated[
    str,
    typer.Option(
        "--org",
        metavar="LABEL|NAME",
        help="At a centre of several organisations: which one (or BOHARI_ORG).",
        callback=_choose_organisation,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Code = Annotated[str, typer.Argument(metavar="CODE")]


def print_answer(answer: Answer, as_json: bool) -> None:
    """Print an answer; one that is not ok ends the command with exit code 1."""
    if as_json:
        out(json.dumps({"ok": answer.ok, **answer.values}, ensure_ascii=False))
    else:
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
