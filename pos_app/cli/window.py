"""`bohari till`: the window over an open till, with its print spool."""

import functools
import threading
from typing import Annotated, Final

import typer

from pos_app import bootstrap, settings
from pos_app.cli.answer import Answer
from pos_app.cli.command import TOLD_HOME, Call, command, noun
from pos_app.cli.needs import open_to_all
from pos_app.store.engine.sole import WINDOW, sole
from pos_app.store.upkeep import page_walk, start_check

app: Final = noun()


@command(app, "till", TOLD_HOME, open_to_all("The window asks for a PIN itself."))
def till(
    call: Call,
    full_screen: Annotated[bool, typer.Option("--full-screen", help="Fill the screen.")] = False,
) -> Answer:
    """Open the till's window; there is one on a home."""
    bootstrap.expect(call.home, bootstrap.HomeKind.TILL)
    with sole(call.home, WINDOW):
        return _window(call, full_screen=full_screen)


def _window(call: Call, *, full_screen: bool) -> Answer:
    # Qt is loaded when a window is opened, not for its words.
    from pos_app.ui.app import run
    from pos_app.ui.kit.tokens import mode_of
    from pos_app.ui.window import Settings

    chosen = settings.load(call.home)
    scanner = bootstrap.scanner_settings(chosen)
    opened = bootstrap.open_till(call.home)
    stop = threading.Event()

    def keep(shown: Settings) -> None:
        settings.write(
            call.home, theme=shown.mode, language=shown.language, window_scale=round(shown.scale * 100)
        )

    try:
        unseen = start_check.check_pages(opened.database)
        if unseen is not None:
            beside = functools.partial(page_walk.check_beside, opened.database, unseen, stop)
            threading.Thread(target=beside, name="pages", daemon=True).start()
        # Where the daemon runs it does this; else the window.
        with bootstrap.keeping_medium(opened.database, call.home):
            code = run(
                opened,
                bootstrap.make_spool(opened, call.home, chosen),
                full_screen=full_screen,
                settings=Settings(
                    mode_of(chosen.theme), chosen.language, keep, scanner, scale=chosen.window_scale / 100
                ),
            )
    finally:
        stop.set()
        opened.close()
    return Answer({"exit_code": code}, [], ok=code == 0)
