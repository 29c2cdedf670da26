"""Rights read from rows: scopes, spans of time, and that a change is never missed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from pos_app.ledger.clock import SystemClock
from pos_app.ledger.permission import DEFAULT_ROLES, Permission
from pos_app.store.engine.engine import Database
from pos_app.store.organisation import founding, rights, staff
from pos_app.store.organisation.founding import Founded
from pos_app.store.organisation.rights import Assignment, Grant, Rights
from pos_app.store.tables.columns import micros
from tests.support.refused import refused
from tests.support.worlds import grants

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def founded(central: Database) -> Founded:
    return founding.found(central, "Depot Ltd", "KES", SystemClock(), owner_pin_hash="x")


@pytest.fixture
def connection(central: Database, founded: Founded) -> Iterator[Connection]:
    with central.write() as connection:
        yield connection


def may(
    connection: Connection,
    org: int,
    person: int,
    permission: Permission,
    at: datetime = NOW,
    *,
    depot: int = 1,
) -> bool:
    return rights.load(connection, org).allows(person, permission, 1, depot, micros(at))


def hire(connection: Connection, founded: Founded, role: str, depot: int | None = None) -> int:
    # A code has letters and digits; a role may be said to be anything.
    code = f"P-{''.join(filter(str.isalnum, role))[:20]}{depot or ''}"
    return founding.add_person(
        connection, founded.org_id, code, role.title(), role=role, pin_hash="x", depot_id=depot
    )


def test_founding_gives_the_default_roles(connection: Connection, founded: Founded) -> None:
    for role, (_, permissions) in DEFAULT_ROLES.items():
        person = hire(connection, founded, role)
        found = rights.load(connection, founded.org_id).standing(person, 1, 1, micros(NOW))
        assert found.may == permissions
        assert founded.owner_id != person


def test_a_first_role_has_no_beginning_and_later_ones_do(connection: Connection, founded: Founded) -> None:
    org = founded.org_id
    person = hire(connection, founded, "cashier")
    assert may(connection, org, person, Permission.SELL, datetime(1980, 1, 1, tzinfo=UTC))
    staff.give(connection, org, person, "manager", NOW)
    assert not may(connection, org, person, Permission.VOID, NOW - HOUR)
    assert may(connection, org, person, Permission.VOID, NOW)
    # Giving what they have gives nothing new.
    key = staff.give(connection, org, person, "manager", NOW + HOUR)
    assert staff.give(connection, org, person, "manager", NOW + HOUR) == key
    staff.take(connection, org, person, "manager", NOW + HOUR)
    assert may(connection, org, person, Permission.VOID, NOW + HOUR - timedelta(microseconds=1))
    assert not may(connection, org, person, Permission.VOID, NOW + HOUR)
    with refused("role-not-held"):
        staff.take(connection, org, person, "manager", NOW)
    staff.give(connection, org, person, "manager", NOW + 2 * HOUR)
    assert may(connection, org, person, Permission.VOID, NOW + 2 * HOUR)


def test_who_left_keeps_what_they_could(connection: Connection, founded: Founded) -> None:
    person = hire(connection, founded, "manager")
    staff.leave(connection, founded.org_id, person, NOW)
    assert may(connection, founded.org_id, person, Permission.VOID, NOW - HOUR)
    assert not may(connection, founded.org_id, person, Permission.SELL, NOW)
    (member,) = (one for one in staff.members(connection, founded.org_id) if one.person_id == person)
    assert (member.active, member.roles) == (False, ())


def test_a_scope_of_a_depot_and_of_a_business(connection: Connection, founded: Founded) -> None:
    here = hire(connection, founded, "cashier", 1)
    assert may(connection, founded.org_id, here, Permission.SELL)
    assert not may(connection, founded.org_id, here, Permission.SELL, depot=2)
    person = hire(connection, founded, "auditor")
    staff.give(connection, founded.org_id, person, "manager", NOW, business_id=1)
    found = rights.load(connection, founded.org_id)
    assert found.allows(person, Permission.VOID, 1, 9, micros(NOW))
    assert not found.allows(person, Permission.VOID, 2, 9, micros(NOW))


def test_what_a_role_may_changes_from_a_moment_on(connection: Connection, founded: Founded) -> None:
    org = founded.org_id
    person = hire(connection, founded, "cashier")
    grants.allow(connection, org, "cashier", Permission.REFUND, NOW)
    grants.forbid(connection, org, "cashier", Permission.SELL, NOW)
    assert not may(connection, org, person, Permission.REFUND, NOW - HOUR)
    assert may(connection, org, person, Permission.REFUND)
    assert may(connection, org, person, Permission.SELL, NOW - HOUR)
    assert not may(connection, org, person, Permission.SELL)
    grants.allow(connection, org, "cashier", Permission.SELL, NOW + HOUR)
    assert may(connection, org, person, Permission.SELL, NOW + HOUR)
    assert not may(connection, org, person, Permission.SELL, NOW)


@pytest.mark.parametrize("role", ["", "king", "owner'; --", "OWNER", "x" * 10_000])
def test_an_unknown_role_is_refused(connection: Connection, founded: Founded, role: str) -> None:
    with refused("role-unknown"):
        staff.give(connection, founded.org_id, founded.owner_id, role, NOW)
    with refused("role-unknown"):
        hire(connection, founded, role)


def test_the_titles_on_screens_allow_nothing(connection: Connection, founded: Founded) -> None:
    person = hire(connection, founded, "cashier")
    connection.execute(text("UPDATE person SET role = 'owner' WHERE person_id = :person"), {"person": person})
    assert not may(connection, founded.org_id, person, Permission.VOID)


def test_a_change_that_commits_behind_a_later_one_is_seen(central: Database, founded: Founded) -> None:
    known = rights.Known()
    org = founded.org_id

    def seen() -> Rights:
        with central.read() as connection:
            return known.of(connection, org)

    first = seen()
    assert seen() is first
    with central.write() as early:
        # The number of its stamps is drawn now, below that of the transaction that commits before it.
        early.execute(text("SELECT pg_current_xact_id()"))
        with central.write() as late:
            late.execute(text("UPDATE role_permission SET valid_to_us = 2 WHERE role = 'auditor'"))
        second = seen()
        assert second is not first
        early.execute(text("UPDATE role_permission SET valid_to_us = 1 WHERE role = 'driver'"))
        assert seen() is second
    assert seen() is not second
    assert second.standing(founded.owner_id, 1, 1, micros(NOW)).may == set(Permission)


# --- against plain arithmetic ---------------------------------------------------------------------------

_spans = st.tuples(st.integers(0, 20), st.integers(0, 20))
_roles = st.sampled_from(["a", "b"])


@given(
    assigned=st.lists(st.tuples(_roles, st.integers(0, 2), st.integers(0, 2), _spans), max_size=5),
    granted=st.lists(st.tuples(_roles, st.sampled_from(["sell", "void"]), _spans), max_size=5),
    asked=st.tuples(
        st.sampled_from(["sell", "void"]), st.integers(1, 2), st.integers(1, 2), st.integers(0, 21)
    ),
)
def test_a_right_is_a_role_somewhere_and_a_permission_of_it_at_once(
    assigned: list[tuple[str, int, int, tuple[int, int]]],
    granted: list[tuple[str, str, tuple[int, int]]],
    asked: tuple[str, int, int, int],
) -> None:
    permission, business, depot, at = asked
    # A role holds in a business or at a depot, never in both at once.
    assigned = [(role, b if not d else 0, d, span) for role, b, d, span in assigned]
    grants: dict[str, list[Grant]] = {}
    for role, one, span in granted:
        grants.setdefault(role, []).append(Grant(one, *span))
    found = Rights({1: [Assignment(role, b, d, *span) for role, b, d, span in assigned]}, grants)
    expected = any(
        role == other and one == permission and start <= at < end and begin <= at < stop
        and b in (0, business) and d in (0, depot)
        for role, b, d, (start, end) in assigned
        for other, one, (begin, stop) in granted
    )  # fmt: skip
    assert found.allows(1, permission, business, depot, at) is expected
    standing = found.standing(1, business, depot, at)
    assert (permission in standing.may) is expected
    for moment in range(max(standing.from_us, 0), min(standing.to_us, 22)):
        assert found.standing(1, business, depot, moment).may == standing.may
