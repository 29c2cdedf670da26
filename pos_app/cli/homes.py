"""Opening whichever home a command was pointed at, with what both kinds have in common."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pos_app import bootstrap
from pos_app.bootstrap import HomeKind
from pos_app.ledger.clock import Clock, SystemClock
from pos_app.ledger.document import SERVER_TERMINAL_NO
from pos_app.ledger.errors import Refused
from pos_app.store.documents import terminal
from pos_app.store.engine.engine import Database
from pos_app.store.master import organisations
from pos_app.store.master.organisations import Organisation


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
def opened(home: Path) -> Iterator[Opened]:
    """Open a home for as long as the block lasts.  Raises `Refused` when the folder is no home."""
    kind = bootstrap.kind_of(home)
    if kind is None:
        raise Refused(f"There is no home in {home}; make one with “bohari init” or “bohari enrol”.")
    if kind is HomeKind.CENTRAL:
        with bootstrap.central(home) as centre:
            chosen = centre.organisation()
            yield Opened(kind, centre.for_org(chosen), chosen, SERVER_TERMINAL_NO, centre.clock)
        return
    database = bootstrap.till_database(home)
    try:
        with database.read() as connection:
            own = terminal.load(connection)
            organisation = organisations.get(connection, own.org_id)
        if organisation is None:
            raise Refused(
                "This till has no prices and people yet; connect it once and run “bohari syncd --once”."
            )
        yield Opened(kind, database, organisation, own.terminal_no, SystemClock())
    finally:
        database.close()
