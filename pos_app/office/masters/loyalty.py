"""Loyalty programmes as the office keeps them: points for so much, what a point pays, tiers, for whom, when.

Decisions
---------
2026-12-01  A programme gives money away, as a promotion does: whoever makes, edits or brings one back needs
the right to lower prices beside that to change what the office keeps; putting one away gives nothing away.

2026-12-01  What is edited ends now and goes on as another row from now on, so that the centre knows what a
till could have told its customer then.  What a point pays stays: it is owed already (see `ledger.loyalty`).
"""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from pos_app.ledger.errors import Refused
from pos_app.ledger.loyalty import MOST_POINTS, PLAIN_PERCENT, Programme, tiers_of
from pos_app.ledger.permission import Permission
from pos_app.office.books import Books
from pos_app.office.masters import party_groups, promised_when
from pos_app.office.masters.coded import checked_code, checked_name
from pos_app.office.office import Office
from pos_app.store.master import price_lists, programmes
from pos_app.store.master.programmes import ProgrammeRow
from pos_app.store.organisation import master_import
from pos_app.store.receivables import points
from pos_app.store.receivables.points import Holder
from pos_app.store.tables.columns import micros


@dataclass(frozen=True, kw_only=True)
class Said:
    """What is said of a programme; what is None is not said.

    `group` is a code, empty of everybody; amounts are minor units, moments microseconds since 1970, `to_us`
    `ENDLESS_US` of what has no end.
    """

    name: str | None = None
    points: int | None = None
    per_amount: int | None = None
    worth: int | None = None
    group: str | None = None
    tiers: str | None = None
    from_us: int | None = None
    to_us: int | None = None


class Shown(NamedTuple):
    """A programme, and the code of the group that it is for."""

    row: ProgrammeRow
    group: str
    now_us: int

    @property
    def state(self) -> str:
        """`on`, `later`, `over` or `archived`."""
        return promised_when.standing(self.row.programme, self.row.ended_us, self.now_us)


class Owed(NamedTuple):
    """What is owed in points: by customer, and what a point is worth (0: nobody ever promised any)."""

    holders: list[Holder]
    worth: int


def listed(office: Office) -> list[Shown]:
    """Every programme as it stands, those that are over or put away too."""
    with office.read() as books:
        return [_shown(books, row) for row in programmes.latest(books.connection, books.org_id)]


def show(office: Office, code: str) -> Shown:
    """A programme by its code.  Raises `Refused`."""
    with office.read() as books:
        return _shown(books, _found(books, code))


def owed(office: Office) -> Owed:
    """Who has points."""
    with office.read() as books:
        every = programmes.every(books.connection, books.org_id)
        worth = programmes.worth_now(every, micros(books.now))
        return Owed(points.holders(books.connection, books.org_id), worth)


def add(office: Office, code: str, said: Said) -> None:
    """Promise points, from now on or from a moment to come.  Raises `Refused` for what cannot be meant."""
    with _change(office, Permission.PRICE) as books:
        tidy = checked_code(code)
        if programmes.by_code(books.connection, books.org_id, tidy) is not None:
            raise Refused("loyalty-code-taken", code=tidy[:40])
        programmes.add(books.connection, books.org_id, _meant(books, Programme(0, tidy, "", 0, 0, 0), said))


def edit(office: Office, code: str, said: Said) -> bool:
    """From now on it gives otherwise; what is not said stays.  Says whether anything is other.

    Raises `Refused` for one that is put away, for another worth, and for one that is over.
    """
    with _change(office, Permission.PRICE) as books:
        row = _found(books, code)
        if row.ended_us is not None:
            raise Refused("loyalty-archived", code=row.programme.code)
        return _again(books, row, said)


def archive(office: Office, code: str) -> None:
    """Put a programme away: it gives no more.  What was given stays owed.  Raises `Refused` where it is."""
    with _change(office) as books:
        row = _found(books, code)
        if row.ended_us is not None:
            raise Refused("loyalty-archived", code=row.programme.code)
        programmes.end(books.connection, books.org_id, row.programme.programme_id, micros(books.now))


def restore(office: Office, code: str, to_us: int | None = None) -> None:
    """Bring a programme back as it was.  Raises `Refused` where it was never put away, or is over."""
    with _change(office, Permission.PRICE) as books:
        row = _found(books, code)
        if row.ended_us is None:
            raise Refused("loyalty-active", code=row.programme.code)
        _again(books, row, Said(to_us=to_us))


@contextlib.contextmanager
def _change(office: Office, also: Permission | None = None) -> Iterator[Books]:
    """One at a time: of two who edit one programme the second edits what the first has left."""
    with office.change(Permission.EDIT_MASTER) as books:
        if also is not None:
            office.need(books.connection, also)
        master_import.lock(books.connection, books.org_id)
        yield books


def _again(books: Books, row: ProgrammeRow, said: Said) -> bool:
    """End what was promised and promise the next; says whether that is another."""
    key, now_us = row.programme.programme_id, micros(books.now)
    if row.planned_to_us <= now_us and said.to_us is None:
        raise Refused("loyalty-over", code=row.programme.code)
    before = row.programme._replace(programme_id=0, to_us=row.planned_to_us)
    after = _meant(books, before, said)
    if row.ended_us is None:
        if said.from_us is None and after == before._replace(from_us=after.from_us):
            return False
        programmes.end(books.connection, books.org_id, key, now_us)
    programmes.add(books.connection, books.org_id, after)
    return True


def _meant(books: Books, before: Programme, said: Said) -> Programme:
    """What a programme is once this is said of it.  Raises `Refused` for what cannot be meant."""
    now_us = micros(books.now)
    from_us = max(before.from_us, now_us) if said.from_us is None else said.from_us
    to_us = before.to_us if said.to_us is None else said.to_us
    if from_us < now_us or to_us <= now_us:
        raise Refused("loyalty-of-the-past")
    if to_us <= from_us:
        raise Refused("loyalty-ends-before")
    after = before._replace(
        name=before.name if said.name is None else checked_name(said.name),
        points=_number(said.points, before.points),
        per_amount=_number(said.per_amount, before.per_amount),
        worth=_number(said.worth, before.worth),
        group_id=_key(said.group, before.group_id, lambda code: party_groups.group(books, code).group_id),
        tiers=before.tiers if said.tiers is None else tiers_of(said.tiers),
        from_us=from_us,
        to_us=to_us,
    )
    if not after.name or not 0 < after.points <= MOST_POINTS or after.per_amount <= 0 or after.worth <= 0:
        raise Refused("loyalty-not-above-zero")
    # Who pays 100 and is given more than 100 back would be paid for shopping.  Asked of the rate and not of
    # one amount, which rounds down.
    most = max((one.percent for one in after.tiers), default=PLAIN_PERCENT)
    if after.points * after.worth * most > after.per_amount * PLAIN_PERCENT:
        raise Refused("loyalty-gives-more-than-paid")
    _check_worth(books, before, after, now_us)
    return after


def _check_worth(books: Books, before: Programme, after: Programme, now_us: int) -> None:
    """Raise `Refused` for another worth than its own before, and than that of another one that runs."""
    if before.worth and after.worth != before.worth:
        raise Refused("loyalty-worth-stays", code=before.code)
    for row in programmes.latest(books.connection, books.org_id):
        one = row.programme
        if one.code != after.code and one.to_us > now_us and one.worth != after.worth:
            raise Refused("loyalty-worth-is-one", code=one.code)


def _number(said: int | None, before: int) -> int:
    return before if said is None else said


def _key(code: str | None, before: int, find: Callable[[str], int]) -> int:
    if code is None:
        return before
    return find(code) if code.strip() else 0


def _found(books: Books, code: str) -> ProgrammeRow:
    found = programmes.by_code(books.connection, books.org_id, code.strip())
    if found is None:
        raise Refused("loyalty-unknown", code=code[:40])
    return found


def _shown(books: Books, row: ProgrammeRow) -> Shown:
    groups = {group.group_id: group.code for group in price_lists.groups(books.connection, books.org_id)}
    return Shown(row, groups.get(row.programme.group_id, ""), micros(books.now))
