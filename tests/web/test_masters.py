"""The masters in a browser: each is listed, added, shown, edited, put away and brought back by its pages."""

import re
from typing import Any

import pytest

from pos_app.office import pins
from pos_app.office.office import Office
from pos_app.store.documents import audit
from pos_app.store.organisation import founding
from pos_app.web.masters.registry import MASTERS
from tests.support.refused import refused
from tests.web.world import Browser, World

#: What is typed to add one of each, and what is changed of it.
TYPED: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "products": (
        {"code": "HOSE", "name": "Hose 2 m", "price": "420.00", "category": "Accessories", "on_shelf": "yes"},
        {"price": "430.00"},
    ),
    "price-lists": ({"code": "NIGHT", "name": "By night", "kind": "all"}, {}),
    "customers": (
        {"code": "JANE", "name": "Jane Njeri", "phone": "0712 345 678", "address": "Moi Avenue\nNairobi",
         "days": "30", "limit": "20000.00"},
        {"limit": "25000.00", "address": ""},
    ),
    "vendors": (
        {"code": "ORYX", "name": "Oryx Gas", "phone": "020 987 654", "days": "30"}, {"days": "14"},
    ),
    "members": ({"code": "M-1", "name": "Wanjiku", "phone": "0722 111 222"}, {"tax_number": "A001234567B"}),
    "employees": ({"code": "E-1", "name": "Otieno"}, {"phone": "0733 444 555"}),
    "roles": (
        {"code": "watchman", "name": "Watchman", "like": "cashier"}, {"refund": "yes", "sell": "no"},
    ),
    "loyalty": (
        {"code": "STARS", "name": "Stars", "points": "1", "per": "100.00", "worth": "1.00",
         "tiers": "Silver 500 105", "until": "2027-05-31 18:00"},
        {"points": "2", "per": "250.00"},
    ),
    "currencies": ({"code": "USD", "rate": "129.55"}, {}),
    "units": (
        {"code": "CRT", "word": "crt", "name": "crate", "decimals": "0", "is_so_much": "24 pc"},
        {"name": "crate of bottles"},
    ),
    "people": ({"code": "KIM", "name": "Kimani", "role": "cashier"}, {"title": "Cashier of the gate"}),
    "depots": (
        {"code": "EAST", "name": "Eastleigh"},
        {"receipt_footer": "Asante\nKaribu tena", "receipt_width": "58", "blind_close": "no",
         "float": "500.00"},
    ),
    "businesses": ({"code": "WASH", "name": "Laundry"}, {"phone": "020 123 456"}),
    "tax-codes": (
        {"code": "L", "name": "Levy", "rate": "2.5", "treatment": "exclusive"}, {"printed_name": "Levy"},
    ),
    "categories": ({"code": "Gifts", "name": "Gifts", "place": "2", "colour": "#2b6cb0"}, {"place": "3"}),
    "promotions": (
        {"code": "THREE", "name": "Three for two", "kind": "n_for_m", "take": "3", "pay": "2",
         "products": "SKU1", "days": "sat,sun", "hours": "14:00-18:00", "until": "2027-05-31 18:00"},
        {"take": "4", "days": ""},
    ),
    "customer-groups": ({"code": "SCHOOLS", "name": "Schools of Kilimani"}, {"name": "Schools"}),
    "places": ({"code": "VAN", "name": "The blue van", "kind": "vehicle"}, {}),
    "accounts": ({"code": "6990", "name": "Gate money", "type": "expense"}, {"name": "Money of the gate"}),
}  # fmt: skip

#: What no form takes, where it is not a name without an end.
WRONG: dict[str, dict[str, str]] = {"categories": {"place": "many"}, "currencies": {"rate": "many"}}


@pytest.fixture(scope="module")
def owner(world: World) -> Browser:
    """A browser of the owner."""
    return world.signed_in("OWNER")


@pytest.mark.parametrize("master", MASTERS, ids=lambda master: str(master.path))
def test_a_thing_is_added_found_edited_and_put_away(owner: Browser, master: Any) -> None:
    path, (typed, changed) = f"/{master.path}", TYPED[master.path]
    code = typed["code"]
    assert owner.get(path).status_code == 200
    owner.get(f"{path}/add")
    # What is wrong is said at once, and nothing that was typed is lost.
    wrong = WRONG.get(master.path, {"name": "x" * 300})
    owner.send(f"{path}/add", **typed | wrong)
    assert owner.page.status_code == 422, owner.text
    assert owner.value("code") == code
    owner.send(f"{path}/add", **typed)
    assert owner.page.status_code == 200, owner.text
    owner.get(f"{path}?words={code.lower()}")
    assert typed.get("name", code) in owner.text
    # Sent a second time it is told that it is there already.
    owner.get(f"{path}/add")
    owner.send(f"{path}/add", **typed)
    assert owner.page.status_code == 422
    assert owner.code.endswith("-taken"), owner.code
    assert 'aria-invalid="true"' in owner.page.text
    owner.get(f"{path}/thing?code={code}")
    if master.edit is not None:
        owner.get(f"{path}/edit?code={code}")
        shown = {one.name: owner.value(one.name) for one in master.fields if one.edits}
        assert {name: text for name, text in typed.items() if name in shown and shown[name] != text} == {}
        owner.send(f"{path}/edit", code=code, seen=owner.value("seen"), **shown | changed)
        assert "said=changed" in str(owner.page.url), owner.text
        owner.get(f"{path}/edit?code={code}")
        assert {name: owner.value(name) for name in changed} == changed
        owner.send(f"{path}/edit", code=code, seen=owner.value("seen"), **shown | changed)
        assert "said=unchanged" in str(owner.page.url)
    if master.archive is not None:
        owner.get(f"{path}/thing?code={code}")
        owner.send(f"{path}/archive", code=code)
        assert "archived" in owner.text, owner.text
        name = changed.get("name", typed.get("name", code))
        assert f">{name}<" not in owner.get(path).text
        assert f">{name}<" in owner.get(f"{path}?archived=yes").text
        owner.get(f"{path}/thing?code={code}")
        owner.send(f"{path}/restore", code=code)
        assert "Brought back." in owner.text


def test_two_people_with_one_form_open(world: World, owner: Browser) -> None:
    other = world.signed_in("ACC")
    for browser in (owner, other):
        browser.get("/products/edit?code=SKU1")
    fields = {one: owner.value(one) for one in ("name", "price", "category")}
    seen = owner.value("seen")
    owner.send("/products/edit", code="SKU1", seen=seen, **fields | {"price": "111.00"})
    assert owner.page.status_code == 200
    other.send("/products/edit", code="SKU1", seen=seen, **fields | {"name": "Mine"})
    assert (other.page.status_code, other.code) == (409, "edited-meanwhile")
    assert "111" in other.text
    assert other.value("name") == "Mine"
    # Having read what the first one did, they send it once more; the price is what the first one said.
    again = {one: other.value(one) for one in fields} | {"price": "111.00"}
    other.send("/products/edit", code="SKU1", seen=other.value("seen"), **again)
    assert other.page.status_code == 200, other.text
    shown = other.get("/products/edit?code=SKU1")
    assert shown.status_code == 200
    assert (other.value("name"), other.value("price")) == ("Mine", "111.00")
    with world.database.read() as connection:
        entries = audit.read(connection, world.centre.org_id, action="product.changed", most=10)
    assert {entry.address for entry in entries} == {"testclient testclient"}


def test_roles_decide_what_one_sees_and_does(world: World) -> None:
    auditor, cashier = world.signed_in("AUD"), world.signed_in("CASH")
    assert auditor.get("/products").status_code == 200
    assert "Add a product" not in auditor.text
    assert (auditor.get("/products/add").status_code, auditor.code) == (403, "person-may-not")
    auditor.get("/products")
    assert auditor.send("/products/archive", code="SKU2").status_code == 403
    assert auditor.get("/people").status_code == 200
    assert auditor.get("/customers").status_code == 403
    for master in MASTERS:
        assert cashier.get(f"/{master.path}").status_code == 403
    assert "Products" not in cashier.get("/account").text


def test_a_right_at_one_depot_opens_nothing_of_all(world: World) -> None:
    with world.database.write() as connection:
        founding.add_person(
            connection,
            world.centre.org_id,
            "ONE",
            "One",
            role="owner",
            pin_hash="",
            depot_id=world.centre.founded.depot_id,
        )
    world.give("ONE")
    browser = world.signed_in("ONE")
    assert (browser.page.url.path, browser.page.status_code) == ("/office/account", 200)
    paths = [f"/{master.path}" for master in MASTERS]
    paths += ["/today", "/reports/one?name=profit-and-loss", "/reports/file?name=balance-sheet&format=csv"]
    for path in paths:
        assert (browser.get(path).status_code, browser.code) == (403, "person-may-not"), path
    browser.get("/account")
    for path, fields in (
        ("/people/give", {"code": "ONE", "role": "owner", "business": "", "depot": ""}),
        ("/people/pin", {"code": "OWNER"}),
        ("/people/password", {"code": "OWNER", "password": "a password of theirs"}),
        ("/products/archive", {"code": "SKU2"}),
    ):
        assert browser.send(path, **fields).status_code == 403, path
    # Nor does the seat of the centre lie at that depot for people: no way of the office gives more.
    with refused("person-may-not-here"):
        pins.draw(Office(world.database, world.clock, world.centre.org_id, "ONE"), "OWNER")


def test_a_password_is_what_was_typed_and_an_empty_field_takes_none_away(
    world: World, owner: Browser
) -> None:
    owner.get("/people/thing?code=AUD")
    for fields in ({"password": "   "}, {"password": ""}, {}):
        assert owner.send("/people/password", code="AUD", **fields).status_code == 422
        assert owner.code == "password-short"
    world.signed_in("AUD")
    assert owner.send("/people/password", code="AUD", password=" two words and a blank ").status_code == 200
    browser = world.browser()
    assert browser.sign_in("AUD", password=" two words and a blank ").url.path == "/office/today", (
        browser.text
    )
    world.give("AUD")
    # What a kept form does not hold any more is told, and no fault of ours.
    for path, code in (("/people/give", "AUD"), ("/price-lists/put", "DAY"), ("/tax-codes/rate", "A")):
        assert owner.send(path, code=code).status_code in (404, 422), path


def test_a_list_goes_on_by_key(world: World, owner: Browser) -> None:
    owner.get("/products/add")
    for number in range(60):
        told = {"code": f"P{number:03d}", "name": f"Part {number}", "price": "1", "business": "MAIN"}
        assert owner.send("/products/add", **told).status_code == 200, owner.text
    every = [f"P{number:03d}" for number in range(60)]
    for sort, wanted in (("code", every), ("-code", every[::-1])):
        seen: list[str] = []
        path = f"/products?words=Part&sort={sort}"
        while path:
            owner.get(path)
            rows = [one.partition("<")[0] for one in owner.page.text.split("/products/thing?code=")[1:]]
            seen += [one.partition('"')[0] for one in rows]
            following = owner.page.text.partition('Pages of the list">')[2].partition("</nav>")[0]
            following = following.partition('class="button" href="/office')[2].partition('"')[0]
            path = following.replace("&amp;", "&")
        assert seen == wanted
    # Short lists go either way by any column.
    owner.get("/people?sort=-name")
    assert 'aria-sort="descending"' in owner.page.text
    codes = [one.partition('"')[0] for one in owner.page.text.split("/people/thing?code=")[1:]]
    owner.get("/people?sort=name")
    assert codes == [one.partition('"')[0] for one in owner.page.text.split("/people/thing?code=")[1:]][::-1]
    # Customers too, and what is no column is none.
    owner.get("/customers?sort=-code")
    assert 'aria-sort="descending"' in owner.page.text
    assert owner.get("/customers?sort=-limit").status_code == 200


def test_a_short_list_is_sorted_by_any_column(owner: Browser) -> None:
    def codes() -> list[str]:
        return [one.partition('"')[0] for one in owner.page.text.split("/people/thing?code=")[1:]]

    owner.get("/people")
    assert codes() == sorted(codes(), key=str.casefold)
    every = set(codes())
    owner.get("/people?sort=roles")
    assert 'aria-sort="ascending"' in owner.page.text
    assert set(codes()) == every
    assert codes()[0] in {"ACC", "KIM"}
    assert "sort=price" not in owner.get("/products").text
    assert owner.get("/people?sort=nonsense").status_code == 200


def test_deeds_are_done_to_a_thing(world: World, owner: Browser) -> None:
    owner.get("/people/thing?code=MGR")
    owner.send("/people/give", code="MGR", role="auditor", business="", depot="MAIN")
    assert "auditor: MAIN" in owner.text
    owner.send("/people/take", code="MGR", role="auditor", business="", depot="")
    assert (owner.page.status_code, owner.code) == (422, "role-not-held")
    owner.send("/people/pin", code="MGR")
    assert "Their PIN is" in owner.text
    owner.get("/price-lists/add")
    owner.send("/price-lists/add", code="DAY", name="By day", kind="all", whom="")
    owner.get("/price-lists/thing?code=DAY")
    owner.send("/price-lists/put", code="DAY", sku="SKU3", price="290.00", from_quantity="10", since="")
    assert "290.00 from 10 on" in owner.text, owner.text
    owner.send("/price-lists/put", code="DAY", sku="NONE", price="1.00", from_quantity="", since="")
    assert owner.code == "product-unknown"
    owner.get("/tax-codes/thing?code=A")
    owner.send("/tax-codes/rate", code="A", rate="14", since="2027-01-01")
    assert "14 % (2027-01-01)" in owner.text


def test_somebody_added_twice_is_told_their_pin_twice(world: World) -> None:
    browser = world.signed_in("OWNER")
    browser.get("/people/add")
    typed = {"code": "TWICE", "name": "Twice", "role": "cashier", "depot": ""}
    request, told = browser.value("request"), []
    for _ in range(2):
        browser.send("/people/add", request=request, **typed)
        told.append(re.search(r"Their PIN is (\d+)", browser.text))
    assert told[0] is not None
    assert told[1] is not None
    assert told[0][1] == told[1][1]
    # Another form is another person; of the same code it is refused.
    browser.get("/people/add")
    browser.send("/people/add", request=browser.value("request"), **typed)
    assert browser.code == "person-code-taken"


def test_a_pack_gets_more_barcodes_and_loses_one(world: World, owner: Browser) -> None:
    case, other = "16001234567896", "26001234567893"
    owner.get("/products/add")
    owner.send("/products/add", code="CASED", name="Cased", price="25.00", unit="pc", business="MAIN")
    owner.get("/products/thing?code=CASED")
    owner.send("/products/pack", code="CASED", pack="CS", pieces="12", pack_price="250", pack_barcode=case)
    assert f"barcode {case}" in owner.text, owner.text
    owner.send("/products/pack-barcode", code="CASED", pack="CS", pack_barcode=f"{other}\nBOX-A")
    assert f"barcode {case}, barcode {other}, barcode BOX-A" in owner.text, owner.text
    # Another price leaves them alone; what is on it already is on nothing else.
    owner.send("/products/pack-change", code="CASED", pack="CS", pieces="12", pack_price="240")
    assert "barcode BOX-A" in owner.text
    owner.send("/products/pack-bare", code="CASED", pack="CS", pack_barcode=case)
    assert f"12 pc in one, costs 240.00, barcode {other}, barcode BOX-A" in owner.text, owner.text
    owner.send("/products/pack-bare", code="CASED", pack="CS", pack_barcode=case)
    assert (owner.page.status_code, owner.code) == (422, "pack-without-barcode")
    owner.get("/products/edit?code=SKU1")
    fields = {one: owner.value(one) for one in ("name", "price")}
    owner.send("/products/edit", code="SKU1", seen=owner.value("seen"), **fields, barcode="BOX-A")
    assert (owner.page.status_code, owner.code) == (422, "barcode-on-pack")
