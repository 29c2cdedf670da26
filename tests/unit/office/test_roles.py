"""Roles of one's own: added like another, archived when nobody has them; somebody who hires always stays."""

from collections.abc import Callable

import pytest

from pos_app.ledger.permission import Permission
from pos_app.office import pins, second_proofs
from pos_app.office.masters import hiring, history, roles
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
    roles.edit_role(owner, "NIGHT", name="Night watch")
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
        (lambda office: roles.edit_role(office, "none", name="New"), "role-unknown"),
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


def test_nobody_gives_more_than_they_have(desk: Desk) -> None:
    owner = desk.as_("OWNER")
    roles.add_role(owner, "hr", "Who hires")
    with desk.database.write() as connection:
        staff.grant(connection, desk.org_id, "hr", Permission.EDIT_PEOPLE, desk.clock.now())
        staff.grant(connection, desk.org_id, "hr", Permission.SELL, desk.clock.now())
        founding.add_person(connection, desk.org_id, "HR", "Hiring", role="hr", pin_hash="")
        founding.add_person(connection, desk.org_id, "N1", "Nia", role="cashier", pin_hash="")
    hr = desk.as_("HR")
    beyond: list[Callable[[], object]] = [
        lambda: hiring.hire(hr, "X", "Xavier", "owner"),
        lambda: hiring.give_role(hr, "HR", "owner"),
        lambda: hiring.give_role(hr, "HR", "cashier", depot="MAIN"),
        lambda: roles.add_role(hr, "mine", "Mine", like="owner"),
        lambda: pins.draw(hr, "OWNER"),
        lambda: second_proofs.give_password(hr, "OWNER", "a horse that reads the news"),
        lambda: second_proofs.give_codes(hr, "OWNER"),
        # Nor of a cashier: who takes payments has a right that they have not.
        lambda: pins.draw(hr, "N1"),
    ]
    for do in beyond:
        with refused("right-above-own"):
            do()
    # What they have themselves they give; what they take needs no more.
    assert roles.add_role(hr, "likeme", "Like me", like="hr") == granted(desk, "hr")
    assert hiring.hire(hr, "H2", "Second who hires", "hr")
    hiring.take_role(hr, "N1", "cashier")
    # A token that is limited to changing people gives nothing else, whoever's it is.
    owner.limits = frozenset({Permission.EDIT_PEOPLE.value})
    with refused("right-above-own"):
        hiring.give_role(owner, "N1", "owner")
    with refused("right-above-own"):
        pins.draw(owner, "OWNER")
    owner.limits = None
    hiring.give_role(owner, "N1", "owner")
    assert pins.draw(owner, "OWNER")
