"""What is emptied in a form is nothing from then on, or is said to stay: nobody reads “Changed.” of it."""

from typing import Any, Final

import pytest

from pos_app.ledger.line import PartyRole
from pos_app.ledger.permission import Permission
from pos_app.office.masters import parties
from pos_app.office.masters.parties import RoleTerms
from pos_app.office.office import Office
from pos_app.web.masters.registry import MASTERS
from tests.web.test_masters import TYPED
from tests.web.world import Browser, World

#: What stands in fields beside those that every test of masters types.
MORE: Final[dict[str, dict[str, str]]] = {
    "products": {
        "supplier": "GAS", "cost": "12.00", "shelf_place": "3", "unit": "kg", "barcode": "4006381333931",
        "tax_code": "A",
    },
    "customers": {"tax_number": "P051234567X"},
    "people": {"title": "Boss", "depot": "MAIN"},
    "businesses": {"phone": "020 123 456", "address": "Moi Avenue"},
    "tax-codes": {"printed_name": "Levy"},
    "promotions": {"depot": "MAIN", "since": "2027-01-01"},
}  # fmt: skip
#: What a field says where nothing does.
NOTHING: Final = ("", "0", "0.00", "no", "pc")


@pytest.fixture(scope="module")
def owner(world: World) -> Browser:
    """A browser of the owner, where there is a vendor."""
    office = Office(world.database, world.clock, world.centre.org_id, "OWNER")
    with office.change(Permission.EDIT_MASTER) as books:
        parties.add_in(books, "GAS", "Gas Ltd", [RoleTerms(PartyRole.VENDOR)])
    return world.signed_in("OWNER")


def opened(owner: Browser, master: Any) -> dict[str, str]:
    """What its form holds."""
    owner.get(f"/{master.path}/edit?code={TYPED[master.path][0]['code']}")
    return {one.name: owner.value(one.name) for one in master.fields if one.edits}


def sent(owner: Browser, master: Any, fields: dict[str, str]) -> None:
    """Send the form with these."""
    code = TYPED[master.path][0]["code"]
    owner.send(f"/{master.path}/edit", code=code, seen=owner.value("seen"), **fields)


@pytest.mark.parametrize(
    "master", [one for one in MASTERS if one.edit is not None], ids=lambda one: str(one.path)
)
def test_what_is_emptied_is_nothing_or_said_to_stay(owner: Browser, master: Any) -> None:
    typed, more = TYPED[master.path][0], MORE.get(master.path, {})
    owner.get(f"/{master.path}/add")
    adds = {one.name for one in master.fields if one.adds}
    owner.send(f"/{master.path}/add", **{name: text for name, text in more.items() if name in adds} | typed)
    assert owner.page.status_code == 200, owner.text
    for field in master.fields:
        if not field.edits:
            continue
        shown = opened(owner, master)
        if not shown[field.name] and field.name in more:
            sent(owner, master, shown | {field.name: more[field.name]})
            shown = opened(owner, master)
        if shown[field.name] in NOTHING:
            continue
        sent(owner, master, shown | {field.name: ""})
        status, where = owner.page.status_code, str(owner.page.url)
        now = opened(owner, master)[field.name]
        if now != shown[field.name]:
            assert now in NOTHING, (field.name, now)
        else:
            assert status == 422 or "said=stays" in where, field.name


def test_a_credit_limit_that_was_emptied_lends_nothing(world: World, owner: Browser) -> None:
    owner.get("/customers/add")
    owner.send("/customers/add", code="LENT", name="Lent", days="30", limit="20000.00")
    owner.get("/customers/edit?code=LENT")
    owner.send("/customers/edit", code="LENT", seen=owner.value("seen"), name="Lent", days="30", limit="")
    assert "said=changed" in str(owner.page.url), owner.text
    office = Office(world.database, world.clock, world.centre.org_id, "OWNER")
    terms = parties.show(office, "LENT").party.roles[0]
    assert (terms.terms_days, terms.credit_limit) == (30, 0)
