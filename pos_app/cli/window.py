"""`bohari till`: the window over an open till, with its print spool."""

from typing import Annotated, Final

import typer

from pos_app import bootstrap, settings
from pos_app.cli.answer import Answer
from pos_app.cli.command import TOLD_HOME, Call, command, noun

app: Final = noun()


@command(app, "till", TOLD_HOME)
def till(
    call: Call,
    full_screen: Annotated[bool, typer.Option("--full-screen", help="Fill the screen.")] = False,
) -> Answer:
    """Open the till's window."""
    # Qt is loaded when a window is opened, not for its words.
    from pos_app.ui.app import run
    from pos_app.ui.window import Settings

    chosen = settings.load(call.home)
    scanner = bootstrap.scanner_settings(chosen)
    opened = bootstrap.open_till(call.home)

    def keep(mode: str, language: str) -> None:
        settings.write(call.home, theme=mode, language=language)

    try:
        code = run(
            opened,
            bootstrap.make_spool(opened, call.home, chosen),
            full_screen=full_screen,
            settings=Settings("dark" if chosen.theme == "dark" else "light", chosen.language, keep, scanner),
        )
    finally:
        opened.close()
    return Answer({"exit_code": code}, [], ok=code == 0)
