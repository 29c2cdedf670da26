"""`bohari till`: the window over an open till, with its print spool."""

import contextlib
import functools
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from pos_app import bootstrap, settings
from pos_app.cli.answer import Answer
from pos_app.cli.command import TOLD_HOME, Call, command, noun
from pos_app.cli.needs import open_to_all
from pos_app.language import said
from pos_app.ledger.clock import SystemClock
from pos_app.ledger.errors import Refused, Unavailable
from pos_app.store.engine.key_store import make_folder
from pos_app.store.engine.sole import WINDOW, sole
from pos_app.store.upkeep import page_walk, start_check
from pos_app.support import write as write_support

if TYPE_CHECKING:
    import subprocess

app: Final = noun()

#: What may lie in the folder of a first start: what the program itself leaves there before it is a home.
_OWN_FILES: Final = frozenset({settings.FILE, f"{settings.FILE}.making", "logs"})


@command(app, "till", TOLD_HOME, open_to_all("The window asks for a PIN itself."))
def till(
    call: Call,
    full_screen: Annotated[bool, typer.Option("--full-screen", help="Fill the screen.")] = False,
    training: Annotated[
        bool,
        typer.Option("--training", help="Learn with the prices and people of this till; nothing counts."),
    ] = False,
) -> Answer:
    """Open the till's window; there is one on a home.  An empty home begins with the first start."""
    if training:
        return _training(call, full_screen=full_screen)
    if _begins(call.home):
        return _first_start(call, full_screen=full_screen)
    bootstrap.expect(call.home, bootstrap.HomeKind.TILL)
    try:
        with sole(call.home, WINDOW), _beside(call.home):
            return _window(call, full_screen=full_screen)
    except Refused as error:
        # Its key was made and no centre took it in: it goes on where it was left.
        if error.code != "till-not-enrolled":
            raise
    return _first_start(call, full_screen=full_screen)


def _training(call: Call, *, full_screen: bool) -> Answer:
    """The window of the home in which people learn this till, with what the till knows now."""
    from pos_app.cli import training

    bootstrap.expect(call.home, bootstrap.HomeKind.TILL)
    home = training.home_of(call.home)
    make_folder(home, 0o700)
    with sole(home, WINDOW):
        training.made(call.home)
        return _window(call._replace(home=home), full_screen=full_screen)


def _begins(home: Path) -> bool:
    """Whether a home begins here, or its first start goes on: asked at every start, so it opens nothing.

    A folder in which other things lie is none.
    """
    kind = bootstrap.kind_of(home)
    if settings.load(home).first_start:
        return kind is not bootstrap.HomeKind.CENTRAL
    return kind is None and (not home.exists() or all(_is_own(path) for path in home.iterdir()))


def _is_own(path: Path) -> bool:
    """Whether the program itself left this in a folder that is no home yet."""
    return path.name in _OWN_FILES or path.suffix == ".lock"


def _beside(
    home: Path, centre: "subprocess.Popen[bytes] | None" = None
) -> contextlib.AbstractContextManager[None]:
    """What runs beside the window, on a home whose settings say so."""
    if not settings.load(home).runs_beside:
        return contextlib.nullcontext()
    from pos_app.cli import companions

    return companions.beside(home, centre)


def _first_start(call: Call, *, full_screen: bool) -> Answer:
    """The pages of the first start, and behind the last one the window."""
    from pos_app.cli.till_start import TillStart
    from pos_app.ui.app import run_first_start
    from pos_app.ui.kit.tokens import mode_of
    from pos_app.ui.window import Settings

    home = call.home
    try:
        make_folder(home, 0o700)
    except OSError as error:
        raise Unavailable("home-unwritable", home=home, why=error.strerror) from error
    with sole(home, WINDOW):
        chosen, deeds = settings.load(home), TillStart(home)
        looks = Settings(
            mode_of(chosen.theme),
            chosen.language,
            scanner=bootstrap.scanner_settings(chosen),
            scale=chosen.window_scale / 100,
            customer_screen=chosen.customer_screen,
            sounds=bool(chosen.sounds),
        )
        if not run_first_start(deeds, full_screen=full_screen, settings=looks):
            return Answer({"exit_code": 1}, [str(said("first-start-left"))], ok=False)
        with _beside(home, deeds.centre_process):
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
            call.home,
            theme=shown.mode,
            language=shown.language,
            window_scale=round(shown.scale * 100),
            customer_screen=shown.customer_screen,
            sounds=int(shown.sounds),
        )

    def support(seen: Mapping[str, Any]) -> Path:
        now = SystemClock().now()
        folder = call.home / "support"
        make_folder(folder, 0o700)
        to = folder / f"bohari-{opened.terminal_no}-{now:%Y%m%d-%H%M%S}.zip"
        write_support(call.home, to, seen, now)
        return to

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
                    mode_of(chosen.theme),
                    chosen.language,
                    keep,
                    scanner,
                    scale=chosen.window_scale / 100,
                    customer_screen=chosen.customer_screen,
                    sounds=bool(chosen.sounds),
                    support=support,
                    train=None if opened.is_training else lambda: _open_training(call.home),
                ),
            )
    finally:
        stop.set()
        opened.close()
    return Answer({"exit_code": code}, [], ok=code == 0)


def _open_training(home: Path) -> None:
    """The training in a window of its own beside this one."""
    from pos_app.cli import companions

    companions.start(["till", "--training", "--home", str(home.resolve())])
