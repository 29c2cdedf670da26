"""Who may do what, where and when: the rows of roles read into one frozen value with an O(1) check.

On a till it is read with the place and again when the feed brings news; the centre keeps one for each
organisation and reads it again when its version changed (`Known`).

Decisions
---------
2026-11-20  Rights are asked as of the moment that the document says it was recorded, on both sides, by
the same code over the same rows: what a till lets a person record, the centre takes, however late it
comes.  A till's clock that is wrong can put a document outside of its maker's time; it is quarantined
then, and two people decide.

2026-11-20  A scope of a business is compared with the business of the depot where the document is made,
not with that of every line: a gas till also sells water.
"""

from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock
from typing import Final, NamedTuple

from sqlalchemy import Connection

from pos_app.language import said
from pos_app.ledger import rights as rules
from pos_app.ledger.document import Head
from pos_app.ledger.permission import WORDS, Need, Permission
from pos_app.store.engine.engine import quick, quick_rows
from pos_app.store.master import people
from pos_app.store.tables.columns import micros

#: Later than any clock: the end of what is in force.
_NEVER_US: Final = 2**62
#: How many organisations' rights one server process keeps.
_MOST_KEPT: Final = 1_000

_Span = tuple[int, int]
#: Permission, business and depot (0: every one), with the spans of time in which it is held.
_Held = dict[tuple[str, int, int], list[_Span]]


class Assignment(NamedTuple):
    """A role that a person has somewhere (0: everywhere), from a moment until another, in microseconds."""

    role: str
    business_id: int
    depot_id: int
    from_us: int
    to_us: int


class Grant(NamedTuple):
    """A permission that a role gives, from a moment until another, in microseconds."""

    permission: str
    from_us: int
    to_us: int


class Standing(NamedTuple):
    """What a person may do at one place; it stays so from `from_us` until `to_us`."""

    may: frozenset[str]
    from_us: int
    to_us: int


class Rights:
    """The rights of an organisation's people as one read found them; does not change."""

    def __init__(
        self, assignments: Mapping[int, list[Assignment]], grants: Mapping[str, list[Grant]]
    ) -> None:
        self._assignments = assignments
        self._grants = grants
        #: Spelled out for a person when first asked for: of many thousand people a server meets few.
        self._held: dict[int, _Held] = {}

    def allows(self, person_id: int, permission: str, business_id: int, depot_id: int, at_us: int) -> bool:
        """Whether the person had the permission there at that moment: three look-ups."""
        held = self._held.get(person_id)
        if held is None:
            held = self._spell_out(person_id)
        for key in ((permission, 0, depot_id), (permission, 0, 0), (permission, business_id, 0)):
            spans = held.get(key)
            if spans is not None:
                for start, end in spans:
                    if start <= at_us < end:
                        return True
        return False

    def allows_somewhere(self, person_id: int, permission: str, at_us: int) -> bool:
        """Whether the person had the permission at any place of the organisation at that moment."""
        held = self._held.get(person_id)
        if held is None:
            held = self._spell_out(person_id)
        return any(
            start <= at_us < end
            for (one, _, _), spans in held.items()
            if one == permission
            for start, end in spans
        )

    def lacking(self, document: Head) -> Need | None:
        """What neither the document's maker nor its approver had when it was recorded, or None."""
        business, depot, at_us = document.business_id, document.depot_id, micros(document.recorded_at)
        return rules.lacking(
            document, lambda person_id, one: self.allows(person_id, one, business, depot, at_us)
        )

    def standing(self, person_id: int, business_id: int, depot_id: int, at_us: int) -> Standing:
        """All that a person may do at a place now, and how long that stays so by these rows."""
        held = self._held.get(person_id)
        if held is None:
            held = self._spell_out(person_id)
        edges = [edge for spans in held.values() for span in spans for edge in span]
        return Standing(
            frozenset(one for one in Permission if self.allows(person_id, one, business_id, depot_id, at_us)),
            max((edge for edge in edges if edge <= at_us), default=-_NEVER_US),
            min((edge for edge in edges if edge > at_us), default=_NEVER_US),
        )

    def has_role(self, person_id: int, at_us: int | None = None) -> bool:
        """Whether the person has any role anywhere at that moment; without one, ever had."""
        return any(
            at_us is None or one.from_us <= at_us < one.to_us for one in self._assignments.get(person_id, ())
        )

    def holds(self, person_id: int, role: str, depot_id: int, at_us: int) -> bool:
        """Whether the person has a role at a depot, or everywhere, at that moment."""
        return any(
            one.role == role and one.depot_id in (0, depot_id) and one.from_us <= at_us < one.to_us
            for one in self._assignments.get(person_id, ())
        )

    def _spell_out(self, person_id: int) -> _Held:
        held: _Held = {}
        for one in self._assignments.get(person_id, ()):
            for grant in self._grants.get(one.role, ()):
                start, end = max(one.from_us, grant.from_us), min(one.to_us, grant.to_us)
                if start < end:
                    held.setdefault((grant.permission, one.business_id, one.depot_id), []).append(
                        (start, end)
                    )
        self._held[person_id] = held
        return held


def load(connection: Connection, org_id: int) -> Rights:
    """Read the rights of an organisation."""
    assignments: dict[int, list[Assignment]] = {}
    for row in quick_rows(
        connection,
        "SELECT person_id, role, coalesce(business_id, 0), coalesce(depot_id, 0), valid_from_us,"
        " coalesce(valid_to_us, :never) FROM person_role WHERE org_id = :org",
        {"org": org_id, "never": _NEVER_US},
    ):
        assignments.setdefault(int(row[0]), []).append(Assignment(str(row[1]), *map(int, row[2:])))
    grants: dict[str, list[Grant]] = {}
    for row in quick_rows(
        connection,
        "SELECT role, permission, valid_from_us, coalesce(valid_to_us, :never)"
        " FROM role_permission WHERE org_id = :org",
        {"org": org_id, "never": _NEVER_US},
    ):
        grants.setdefault(str(row[0]), []).append(Grant(str(row[1]), int(row[2]), int(row[3])))
    return Rights(assignments, grants)


def refusal(connection: Connection, rights: Rights, document: Head) -> str:
    """Why a document is beyond its maker's rights, in a sentence; empty when it is not."""
    need = rights.lacking(document)
    if need is None:
        return ""
    name = people.person_name(connection, document.org_id, document.person_id)
    if not rights.has_role(document.person_id):
        return said("no-role-here", name=name)
    if not rights.has_role(document.person_id, micros(document.recorded_at)):
        return said("no-role-then", name=name)
    words = WORDS[need.permission]
    if need.approver_id is None:
        alone = " alone, and nobody approved it" if need.permission in _APPROVABLE else " at this depot"
        return said("beyond-rights", name=name, deed=words, how=alone)
    approver = people.person_name(connection, document.org_id, need.approver_id)
    return said("neither-may", name=name, deed=words, approver=approver)


_APPROVABLE: Final = frozenset(
    {
        Permission.REFUND,
        Permission.VOID,
        Permission.PRICE,
        Permission.OVER_LIMIT,
        Permission.CLOSE_DRAWER,
        Permission.CASH_OUT,
        Permission.NO_SALE,
    }
)


def version(connection: Connection, org_id: int) -> int:
    """At the centre: a number that grows with every change of the rights.

    The sum of the stamps, not their maximum: a transaction that began early and commits late has a
    stamp below the newest, but it adds to the sum.
    """
    row = quick(
        connection,
        "SELECT coalesce((SELECT sum(stamp) FROM person_role WHERE org_id = ?), 0)"
        " + coalesce((SELECT sum(stamp) FROM role_permission WHERE org_id = ?), 0)",
        org_id,
        org_id,
    ).fetchone()
    return int(row[0])


class Known:
    """The rights that a server process has read, by organisation; used by many threads at once."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, tuple[int, Rights]] = OrderedDict()
        self._lock = Lock()

    def of(self, connection: Connection, org_id: int) -> Rights:
        """The rights as the caller's transaction sees them: read again only when they changed."""
        now = version(connection, org_id)
        with self._lock:
            kept = self._kept.get(org_id)
            if kept is not None and kept[0] == now:
                self._kept.move_to_end(org_id)
                return kept[1]
        fresh = load(connection, org_id)
        with self._lock:
            self._kept[org_id] = (now, fresh)
            self._kept.move_to_end(org_id)
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        return fresh
