"""Opening the home that a command was pointed at: whichever it is, or a centre and one organisation of it."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pos_app import bootstrap
from pos_app.bootstrap import Central, HomeKind
from pos_app.cli.command import Call, Opens
from pos_app.ledger.clock import Clock, SystemClock
from pos_app.ledger.document import SERVER_TERMINAL_NO
from pos_app.ledger.errors import Refused
from pos_app.store.documents import terminal
from pos_app.store.engine.engine import Database
from pos_app.store.master import organisations
from pos_app.store.master.organisations import Organisation


def kind_of(home: Path) -> HomeKind:
    """What a folder holds.  Raises `Refused` when it is no home."""
    kind = bootstrap.kind_of(home)
    if kind is None:
        raise Refused("no-home", home=home)
    return kind


@dataclass(frozen=True)
class Opened:
    """An open home of either kind; `terminal_no` is the number under which this side writes."""

    kind: HomeKind
    database: Database
    organisation: Organisation
    terminal_no: int
    clock: Clock

    @property
    def org_id(self) -> int:
        """The organisation's key."""
        return self.organisation.org_id


@contextlib.contextmanager
def opened(home: Path, org: str = "") -> Iterator[Opened]:
    """Open a home for as long as the block lasts; `org` names the organisation of a centre of several.

    Raises `Refused` when the folder is no home.
    """
    kind = kind_of(home)
    if kind is HomeKind.CENTRAL:
        with bootstrap.central(home, org=org) as centre:
            chosen = centre.organisation()
            yield Opened(kind, centre.for_org(chosen), chosen, SERVER_TERMINAL_NO, centre.clock)
        return
    database = bootstrap.till_database(home)
    try:
        with database.read() as connection:
            own = terminal.load(connection)
            organisation = organisations.get(connection, own.org_id)
        if organisation is None:
            raise Refused("till-not-filled")
        yield Opened(kind, database, organisation, own.terminal_no, SystemClock())
    finally:
        database.close()


@dataclass(frozen=True)
class AtCentre:
    """An open centre, and the organisation of it that is meant."""

    centre: Central
    organisation: Organisation

    @property
    def org_id(self) -> int:
        """The organisation's key."""
        return self.organisation.org_id

    @property
    def database(self) -> Database:
        """The database as the application sees it for this organisation."""
        return self.centre.for_org(self.organisation)

    @property
    def clock(self) -> Clock:
        """The centre's clock."""
        return self.centre.clock


@contextlib.contextmanager
def _at_centre(call: Call) -> Iterator[AtCentre]:
    with bootstrap.central(call.home, org=call.org) as centre:
        yield AtCentre(centre, centre.organisation())


#: A home of either kind, and a centre with one of its organisations.
EITHER_HOME: Final = Opens[Opened](lambda call: opened(call.home, call.org))
CENTRE: Final = Opens[AtCentre](_at_centre)
