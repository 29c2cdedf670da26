"""Keeps the second medium up beside the till: in a thread of the daemon, or of the window where none runs.

It only reads the database, so that no sale waits for a stick; what is wrong is told by `medium_state`.
"""

import contextlib
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from pos_app.ledger.errors import BohariError, Refused
from pos_app.log import events
from pos_app.store.documents import terminal
from pos_app.store.documents.terminal import Terminal
from pos_app.store.engine.engine import Database
from pos_app.store.engine.sole import MEDIUM, sole
from pos_app.store.medium import medium_state
from pos_app.store.medium.medium_state import Keep, State

if TYPE_CHECKING:
    from pos_app.store.medium.copier import Copier

#: How often it looks for new documents: they shall lie there within two seconds of their commit.
LOOK_EVERY_S: Final = 0.5
#: How often it looks for a medium that is away, for another choice, and whether another program does this.
TRY_EVERY_S: Final = 2.0


class Chosen(NamedTuple):
    """The medium of a home: its folder, which one it is, the keys that it is closed to, what it keeps."""

    folder: Path
    medium: str
    to: str
    keep: Keep


#: Says which medium the settings of the home name; None for none.
Choose = Callable[[], Chosen | None]


class Keeper:
    """Copies for one home until it is stopped."""

    def __init__(self, database: Database, home: Path, choose: Choose) -> None:
        self._database = database
        self._home = home
        self._choose = choose
        self._copier: Copier | None = None
        self._chosen: Chosen | None = None

    def run(self, stop: threading.Event) -> None:
        """Until `stop` is set; a fault is logged and the next round comes."""
        while not stop.is_set():
            with contextlib.suppress(BohariError), sole(self._home, MEDIUM):
                self._run_alone(stop)
            stop.wait(TRY_EVERY_S)

    def _run_alone(self, stop: threading.Event) -> None:
        try:
            while not stop.is_set():
                try:
                    wait_s = self.turn()
                except Exception as error:  # noqa: BLE001 - a till must not go without its medium for one fault
                    events.MEDIUM_FAULT.log(error)
                    wait_s = TRY_EVERY_S
                stop.wait(wait_s)
        finally:
            self.let_go()

    def turn(self) -> float:
        """One look: what is missing is brought there; gives the seconds to wait before the next."""
        try:
            chosen = self._choose()
        except BohariError as error:
            # The settings are being written, or somebody wrote what is none.
            chosen = self._chosen
            events.MEDIUM_TROUBLE.log(error)
        if chosen != self._chosen:
            self.let_go()
            self._chosen = chosen
        if chosen is None:
            # A turn that hung until now may have written it once more behind whoever chose none.
            with contextlib.suppress(OSError):
                (self._home / medium_state.FILE).unlink(missing_ok=True)
            return TRY_EVERY_S
        state = medium_state.read(self._home)
        if state is None or state.medium != chosen.medium:
            state = State(str(chosen.folder), chosen.medium)
        return self._bring(chosen, state)

    def _bring(self, chosen: Chosen, state: State) -> float:
        # The cryptography comes with the first document that is copied, not with the window.
        from pos_app.store.medium.copier import Copier

        try:
            if self._copier is None:
                with self._database.read() as connection:
                    own: Terminal = terminal.load(connection)
                self._copier = Copier(
                    self._database, own, chosen.folder, chosen.medium, to=chosen.to, keep=chosen.keep
                )
            upto = self._copier.catch_up()
        except BohariError as error:
            now = medium_state.troubled(state, error.said)
            if now != state:
                events.MEDIUM_TROUBLE.log(error)
                medium_state.write(self._home, now)
            return TRY_EVERY_S
        now = medium_state.well(state, upto)
        if now != state:
            if state.trouble:
                events.MEDIUM_BACK.log(upto=upto)
            medium_state.write(self._home, now)
        return LOOK_EVERY_S

    def let_go(self) -> None:
        """Close what is open on the medium; the next turn opens it again."""
        copier, self._copier = self._copier, None
        if copier is not None:
            copier.close()


@contextlib.contextmanager
def kept(database: Database, home: Path, choose: Choose) -> Iterator[None]:
    """The medium kept up for as long as the block lasts, in a thread that nobody waits for long."""
    stop = threading.Event()
    keeper = Keeper(database, home, choose)
    thread = threading.Thread(target=keeper.run, args=(stop,), name="second medium", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(5)


def turn_once(database: Database, home: Path, choose: Choose) -> None:
    """What is missing is brought there now; nothing where a daemon or a window does it anyway."""
    with contextlib.suppress(Refused), sole(home, MEDIUM):
        keeper = Keeper(database, home, choose)
        keeper.turn()
        keeper.let_go()
