"""Opening the home that a command was pointed at: whichever it is, or a centre and one organisation of it.

Where the command needs a right, who is at the shell proves it here, before the command sees the home.
"""

import contextlib
import functools
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pos_app import bootstrap
from pos_app.bootstrap import Central, HomeKind
from pos_app.cli import identity
from pos_app.cli.command import Call, Opens
from pos_app.cli.identity import Actor, Actors, Side
from pos_app.ledger.clock import Clock, SystemClock
from pos_app.ledger.document import SERVER_TERMINAL_NO
from pos_app.ledger.errors import Refused
from pos_app.store.documents import terminal
from pos_app.store.engine.engine import Database
from pos_app.store.master import codes, organisations
from pos_app.store.master.organisations import Organisation
from pos_app.store.upkeep.verification_processes import OpenDatabase


def kind_of(home: Path) -> HomeKind:
    """What a folder holds.  Raises `Refused` when it is no home."""
    kind = bootstrap.kind_of(home)
    if kind is None:
        raise Refused("no-home", home=home)
    return kind


@dataclass(frozen=True)
class Opened:
    """An open home of either kind; `terminal_no` is the number under which this side writes.

    `place` are business and depot of a till; `actors` who acts, where the command asked.
    """

    kind: HomeKind
    database: Database
    organisation: Organisation
    terminal_no: int
    clock: Clock
    #: Opens the same database once more, in another process too.
    open_again: OpenDatabase | None = None
    place: tuple[int, int] = (0, 0)
    actors: Actors | None = None
    home: Path = Path()

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
            again = functools.partial(bootstrap.centre_again, home, centre.login, chosen.org_id)
            database = centre.for_org(chosen)
            yield Opened(kind, database, chosen, SERVER_TERMINAL_NO, centre.clock, again, home=home)
        return
    database = bootstrap.till_database(home)
    try:
        with database.read() as connection:
            own = terminal.load(connection)
            organisation = organisations.get(connection, own.org_id)
            depot = codes.depot_of(connection, own.org_id, own.depot_id)
        if organisation is None:
            raise Refused("till-not-filled")
        place = (0 if depot is None else depot.business_id, own.depot_id)
        again = functools.partial(bootstrap.till_database, home)
        yield Opened(kind, database, organisation, own.terminal_no, SystemClock(), again, place, home=home)
    finally:
        database.close()


def side(entered: Opened, home: Path) -> Side:
    """An open home as people are looked up in it."""
    number, clock = entered.terminal_no, entered.clock
    return Side(entered.database, entered.org_id, number, clock, home, entered.place)


#: The centre at which the commands of a block are; None outside of `staying`.
_STAYING: Final[ContextVar[Central | None]] = ContextVar("staying", default=None)


@contextlib.contextmanager
def staying(centre: Central) -> Iterator[None]:
    """Every command of the block is for this open centre, and the organisation that its settings name."""
    token = _STAYING.set(centre)
    try:
        yield
    finally:
        _STAYING.reset(token)


@contextlib.contextmanager
def centre_of(call: Call) -> Iterator[Central]:
    """The centre that a command is for, opened where it is not open already."""
    open_already = _STAYING.get()
    if open_already is not None:
        yield open_already
        return
    with bootstrap.central(call.home, org=call.org) as centre:
        yield centre


@contextlib.contextmanager
def _either(call: Call) -> Iterator[Opened]:
    with opened(call.home, call.org) as one:
        if not call.needs.permissions:
            yield one
            return
        yield replace(one, actors=identity.prove(side(one, call.home), call.told, call.needs))


@contextlib.contextmanager
def _either_side(call: Call) -> Iterator[Side]:
    with opened(call.home, call.org) as one:
        yield side(one, call.home)


@contextlib.contextmanager
def _asked(call: Call) -> Iterator[Call]:
    with _either(call) as one:
        yield call._replace(actors=one.actors)


@contextlib.contextmanager
def _asked_home(call: Call) -> Iterator[Call]:
    if kind_of(call.home) is HomeKind.TILL:
        with _asked(call) as asked:
            yield asked
        return
    with bootstrap.central(call.home) as centre:
        yield call._replace(actors=identity.prove(host_side(centre), call.told, call.needs))


def host_side(centre: Central) -> Side:
    """A whole centre as people are looked up in it: those of the organisation that BOHARI_ORG names, or else
    of the one that it was founded with.
    """
    organisation = centre.organisation() if centre.settings.org else centre.oldest()
    database = centre.for_org(organisation)
    return Side(database, organisation.org_id, SERVER_TERMINAL_NO, centre.clock, centre.home)


@dataclass(frozen=True)
class AtCentre:
    """An open centre, the organisation of it that is meant, and who acts, where the command asked."""

    centre: Central
    organisation: Organisation
    actors: Actors | None = None

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

    @property
    def side(self) -> Side:
        """The centre as people are looked up in it."""
        return Side(self.database, self.org_id, SERVER_TERMINAL_NO, self.clock, self.centre.home)

    @property
    def actor(self) -> Actor:
        """Who acts, of a command that asks."""
        return identity.asked(self.actors).first

    @property
    def two(self) -> tuple[str, str]:
        """The codes of the two who act, of a command that asks two people."""
        actors = identity.asked(self.actors)
        return actors.first.person.code, actors.agreeing.person.code


@contextlib.contextmanager
def _at_centre(call: Call) -> Iterator[AtCentre]:
    with centre_of(call) as centre:
        at = AtCentre(centre, centre.organisation())
        yield (
            replace(at, actors=identity.prove(at.side, call.told, call.needs))
            if call.needs.permissions
            else at
        )


#: A home of either kind, and a centre with one of its organisations.
EITHER_HOME: Final = Opens[Opened](_either)
CENTRE: Final = Opens[AtCentre](_at_centre)
#: A home of either kind as people are looked up in it, for commands that ask who by themselves.
EITHER_SIDE: Final = Opens[Side](_either_side, asks=False)
#: A home of either kind that the command opens by itself, after its person was asked.
ASKED: Final = Opens[Call](_asked)
#: The same where no organisation is chosen: of the whole centre, asked in the oldest one, its host's.
ASKED_HOME: Final = Opens[Call](_asked_home, org=False)
