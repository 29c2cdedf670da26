#!/bin/sh
# typer 0.29.2 beside click 8.5.1: typer no longer stands on the installed click but on a copy of its own
# (typer._click).  What a program makes with the click that it imports passes every type check and is foreign to typer
# at run time: a click.Option among the params of a TyperGroup ends the program with an AttributeError of the context
# as soon as any command is called, and a click.ClickException that a command raises is not told in one line on
# standard error with exit code 1, as typer's own is, but comes out as a traceback.  Whoever adds options or errors to
# a typer program by click must use what typer hands out (typer.Option, typer.Exit, typer.BadParameter and its bases).
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" --quiet --disable-pip-version-check install typer==0.29.2 click==8.5.1
cd "$work"
"$work/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version

import click
import typer
from typer.core import TyperCommand, TyperGroup
from typer.testing import CliRunner

assert (version("typer"), version("click")) == ("0.29.2", "8.5.1")

group = TyperGroup(
    name="shop", commands={"sell": TyperCommand("sell", help="Sell.")}, params=[click.Option(["--loud"], is_flag=True)]
)
try:
    group(["sell"], prog_name="shop", standalone_mode=False)
except AttributeError as error:
    print(f"click.Option in a TyperGroup: {error}")
else:
    raise AssertionError("a click.Option is taken now: the behaviour has changed")

app = typer.Typer()


@app.command()
def sell(how: str) -> None:
    """Sell."""
    if how == "click":
        raise click.ClickException("sold out")
    raise typer.BadParameter("sold out")


theirs, ours = CliRunner().invoke(app, ["click"]), CliRunner().invoke(app, ["typer"])
print(f"click.ClickException: {type(theirs.exception).__module__}.{type(theirs.exception).__name__}")
print(f"typer.BadParameter: exit code {ours.exit_code}")
assert isinstance(theirs.exception, click.ClickException), "it is told by typer now: the behaviour has changed"
assert ours.exit_code == 2 and isinstance(ours.exception, SystemExit)
PYTHON
