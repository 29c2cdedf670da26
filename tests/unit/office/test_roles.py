"""Roles of one's own: added like another, archived when nobody has them; somebody who hires always stays."""

from collections.abc import Callable

import pytest

from pos_app.ledger.permission import Permission
from pos_app.office.masters import history, roles
from pos_app.store.organisation import founding, staff
from tests.support.refused import refused
from tests.support.worlds.office_fixture import Desk


def granted(desk: Desk, role: str) -> set[str]:
    with desk.database.read() as connection:
        return staff.granted(connection, desk.org_id, role)


def test_a_role_is_added_like_another_and_goes_its_own_way(desk: Desk) -> None:
    owner = desk.as_("OWNER")
    assert roles.add_role(owner, "Night", "Night cashier", like="cashier") == granted(desk, "cashier")
    with desk.database.write() as connection:
        staff.grant(connection, desk.org_id, "night", Permission.CLOSE_DRAWER, desk.clock.now())
    assert granted(desk, "night") - granted(desk, "cashier") == {"close_drawer"}
    roles.rename_role(owner, "NIGHT", "Night watch")
    assert [one.action for one in history.of(desk.office, "role", "night")][-1] == "role.changed"
    assert roles.add_role(owner, "guest", "Guest") == set()


def test_a_role_that_somebody_has_is_not_archived_and_an_archived_one_is_not_given(desk: Desk) -> None:
    owner = desk.as_("OWNER")
    roles.add_role(owner, "night", "Night", like="cashier")
    with desk.database.write() as connection:
        one = founding.add_person(connection, desk.org_id, "N1", "Nia", role="night", pin_hash="")
    with refused("role-still-held", names="Nia"):
        roles.archive_role(owner, "night")
    with desk.database.write() as connection:
        staff.take(connection, desk.org_id, one, "night", desk.clock.now())
    roles.archive_role(owner, "night")
    with refused("role-archived"), desk.database.write() as connection:
        staff.give(connection, desk.org_id, one, "night", desk.clock.now())
    with refused("role-code-taken"):
        roles.add_role(owner, "night", "Night")
    roles.restore_role(owner, "night")
    with desk.database.write() as connection:
        staff.give(connection, desk.org_id, one, "night", desk.clock.now())


@pytest.mark.parametrize(
    ("do", "code"),
    [
        (lambda office: roles.add_role(office, "cashier", "Cashier"), "role-code-taken"),
        (lambda office: roles.add_role(office, "historian", "H"), "role-code-taken"),
        (lambda office: roles.add_role(office, "4th", "Fourth"), "role-code-unusable"),
        (lambda office: roles.add_role(office, "new", " "), "role-name-unusable"),
        (lambda office: roles.add_role(office, "new", "New", like="none"), "role-unknown"),
        (lambda office: roles.rename_role(office, "none", "New"), "role-unknown"),
        (lambda office: roles.archive_role(office, "none"), "role-unknown"),
        (lambda office: roles.restore_role(office, "cashier"), "role-not-archived"),
    ],
)
def test_what_cannot_be(desk: Desk, do: Callable[[object], None], code: str) -> None:
    with refused(code):
        do(desk.as_("OWNER"))
    with refused("person-may-not-here"):
        roles.add_role(desk.as_("MGR"), "new", "New")


def test_the_last_owner_stays(desk: Desk) -> None:
    with desk.database.read() as connection:
        owners = [
            one.person_id
            for one in staff.members(connection, desk.org_id)
            if "owner" in {each.role for each in one.roles}
        ]
    now = desk.clock.now()
    for one in owners[:-1]:
        with desk.database.write() as connection:
            staff.leave(connection, desk.org_id, one, now)
    last = owners[-1]
    with refused("last-who-edits-people"), desk.database.write() as connection:
        staff.leave(connection, desk.org_id, last, now)
    with refused("last-who-edits-people"), desk.database.write() as connection:
        staff.take(connection, desk.org_id, last, "owner", now)
    with desk.database.write() as connection:
        # Who may change people at one depot alone is none who could mend everything.
        founding.add_person(connection, desk.org_id, "O2", "Second", role="owner", pin_hash="", depot_id=1)
    with refused("last-who-edits-people"), desk.database.write() as connection:
        staff.leave(connection, desk.org_id, last, now)
    with desk.database.write() as connection:
        founding.add_person(connection, desk.org_id, "O3", "Third", role="owner", pin_hash="")
        staff.leave(connection, desk.org_id, last, now)
