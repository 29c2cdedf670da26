"""Writes docs/commands.md: every command with its arguments and options, from the command itself.

    python packaging/command_reference.py            # write it
    python packaging/command_reference.py --check    # exit 1 when it is not what `bohari --help` says

It walks the same tree that runs the commands, so it also loads every module that the list of commands names.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import typer

from pos_app.cli.command import By, Home, Json, Org, PinFile, With, WithPinFile
from pos_app.cli.lazy_group import LazyGroup
from pos_app.cli.needs import Needs
from pos_app.cli.program import root

PAGE: Final = Path(__file__).resolve().parents[1] / "docs" / "commands.md"
#: What nearly every command takes is said once, above.
SHARED: Final = {
    "--home": "the folder of a till or of the centre, or `BOHARI_HOME`",
    "--by": "who acts, or `BOHARI_BY`; not needed after `bohari login` or with `BOHARI_TOKEN`",
    "--pin-file": "a file whose first line is their PIN (`-`: standard input); else `BOHARI_PIN`, or asked",
    "--with": "who decides with them, proved by `BOHARI_WITH_PIN` or `BOHARI_WITH_TOKEN`, or asked",
    "--with-pin-file": "the same for the second one's PIN",
    "--json": "one JSON object on standard output instead of lines for a person",
    "--org": "at a centre of several organisations: which one, by label or name, or `BOHARI_ORG`",
}
_SHARED_HELP: Final = {
    option.__metadata__[0].help for option in (Home, By, PinFile, With, WithPinFile, Json, Org)
}
#: A command that any of more permissions may open looks for the right one itself.
_MOST_NAMED: Final = 4
_HEAD: Final = """# Commands

Written by `python packaging/command_reference.py` from the commands themselves. A test fails when this page
is not fresh.

A command exits 0 on success, 1 when what it checked does not hold or it met a known error, 2 on wrong use.
With `--json` a known error is `{{"ok": false, "error": sentence, "code": code, "facts": {{...}}}}`.

What most commands take, below only named:

{shared}
"""


def commands(group: Any, context: typer.Context) -> Iterator[tuple[Any, typer.Context]]:
    """Every command below a group, in the order of its help; a group that is a command itself is one too."""
    for name in group.commands:
        command = group.load(name) if isinstance(group, LazyGroup) else group.commands[name]
        below = typer.Context(command, info_name=name, parent=context)
        if not hasattr(command, "commands") or command.invoke_without_command:
            yield command, below
        if hasattr(command, "commands"):
            yield from commands(command, below)


def entry(command: Any, context: typer.Context) -> str:
    """What the page says of one command."""
    usage = " ".join(command.get_usage(context).removeprefix("Usage: ").split())
    level = "###" if context.parent is not None and context.parent.parent is not None else "##"
    heading = f"{level} {context.command_path}"
    lines = [heading, "", f"`{usage}`", "", " ".join((command.help or "").split())]
    shared = [name for one in command.params for name in one.opts if name in SHARED and _is_shared(one)]
    own = [one for one in command.params if not _is_shared(one)]
    if own:
        lines += ["", "| | |", "|---|---|"]
        lines += [f"| `{_cell(words)}` | {_cell(said)} |" for words, said in map(_record(context), own)]
    if shared:
        lines += ["", f"Also {', '.join(f'`{name}`' for name in shared)}."]
    lines += ["", _who(command.callback.needs)]
    return "\n".join(lines)


def _who(needs: Needs) -> str:
    """Who may, as the command declares it."""
    if not needs.permissions:
        return f"Anybody: {needs.open_because[:1].lower()}{needs.open_because[1:]}"
    if len(needs.permissions) > _MOST_NAMED:
        return "Needs what making the document needed."
    names = " or ".join(f"`{one.value}`" for one in needs.permissions)
    return f"Needs two people with {names}." if needs.two else f"Needs {names}."


def _is_shared(parameter: Any) -> bool:
    """Whether it is the option that all have: another `--home` or `--by` has words of its own."""
    return parameter.help in _SHARED_HELP


def _record(context: typer.Context) -> Any:
    return lambda one: one.get_help_record(context) or (one.opts[0], "")


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def page() -> str:
    """The page, as it should stand."""
    top = root()
    context = typer.Context(top, info_name="bohari")
    shared = "\n".join(f"- `{name}`: {said}" for name, said in SHARED.items())
    parts, noun = [_HEAD.format(shared=shared)], ""
    for command, below in commands(top, context):
        first = below.command_path.split()[1]
        if first != noun:
            noun = first
            group = top.load(noun)
            if hasattr(group, "commands") and not group.invoke_without_command:
                parts.append(f"## bohari {noun}\n\n{' '.join(group.help.split())}\n")
        parts.append(entry(command, below) + "\n")
    return "\n".join(parts)


def main(arguments: list[str]) -> int:
    """Write the page, or say whether it is fresh."""
    if "--check" in arguments:
        return 0 if PAGE.read_text(encoding="utf-8") == page() else 1
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
