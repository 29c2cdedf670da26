"""What else the shop is made of: what belongs to a customer, why a price is what it is, the tills."""

import re
from urllib.parse import urlencode

import pytest
from sqlalchemy import text

from pos_app.ledger.numbering import printed_number
from pos_app.ledger.permission import Permission
from pos_app.web import navigation
from tests.web.world import Browser, World


@pytest.fixture(scope="module")
def owner(world: World) -> Browser:
    """A browser of the owner, who sells gas by meter too."""
    owner = world.signed_in("OWNER")
    owner.get("/products/add")
    gas = {"code": "GAS-M3", "name": "Gas by meter", "price": "250.00", "type": "metered", "business": "MAIN"}
    assert owner.send("/products/add", **gas).status_code == 200, owner.text
    return owner


def test_a_customer_has_contacts_meters_and_agreed_prices(owner: Browser) -> None:
    owner.get("/customers/thing?code=C1")
    told = {"label": "delivery", "name": "Njoroge", "phone": "0711 000 111", "address": "Gate B\nLiku Road"}
    owner.send("/customers/contact", code="C1", **told)
    assert "Njoroge" in owner.text, owner.text
    assert "Gate B" in owner.text, owner.text
    owner.send("/customers/contact", code="C1", label="billing", email="no address")
    assert owner.code == "email-unusable"
    assert owner.value("email") == "no address"
    owner.send("/customers/contact-away", code="C1", label="delivery")
    assert "Njoroge" not in owner.text.partition("What became of it")[0]
    owner.send("/customers/meter", code="C1", meter="K-7", sku="GAS-M3", first_reading="12.5", rate="240.00")
    assert "Meter K-7" in owner.text, owner.text
    assert "240.00 instead of 250.00" in owner.text, owner.text
    owner.send("/customers/meter", code="C1", meter="K-8", sku="SKU1")
    assert owner.code == "meter-of-other-goods"
    owner.send("/customers/meter-away", code="C1", meter="K-7")
    assert "Meter K-7" not in owner.text.partition("What became of it")[0]
    owner.send("/customers/agree", code="C1", sku="SKU3", price="1.00", since="")
    assert "Agreed for SKU3" in owner.text, owner.text
    owner.send("/customers/agree", code="C1", sku="SKU3", price="1.00", since="soon")
    assert owner.code == "not-a-moment"
    owner.send("/customers/agreed-no-more", code="C1", sku="SKU3", since="")
    assert "Agreed for SKU3" not in owner.text
    owner.send("/customers/agreed-no-more", code="C1", sku="SKU3", since="")
    assert owner.code == "nothing-agreed"


def test_a_group_takes_customers_in_and_lets_them_go(owner: Browser) -> None:
    owner.get("/customer-groups/add")
    owner.send("/customer-groups/add", code="HOTELS", name="Hotels")
    owner.send("/customer-groups/join", code="HOTELS", customer="C1")
    assert "C1" in owner.text.partition("What can be done")[0], owner.text
    owner.send("/customer-groups/join", code="HOTELS", customer="NOBODY")
    assert owner.page.status_code in (404, 422)
    owner.get("/customer-groups/thing?code=HOTELS")
    owner.send("/customer-groups/leave", code="HOTELS", customer="C1")
    assert "nobody" in owner.text


def test_a_category_is_called_otherwise_and_goes_into_another(owner: Browser) -> None:
    owner.get("/categories/add")
    for name in ("Kettles", "Pots"):
        owner.send("/categories/add", code=name, place="", colour="")
        assert owner.page.status_code == 200, owner.text
    owner.get("/products/add")
    kettle = {"code": "KET-1", "name": "Kettle", "price": "900", "business": "MAIN", "category": "Kettles"}
    owner.send("/products/add", **kettle)
    owner.get("/categories/edit?code=Kettles")
    typed = {"name": "Kettles & irons", "place": "1", "colour": "#2b6cb0"}
    owner.send("/categories/edit", code="Kettles", seen=owner.value("seen"), **typed)
    assert owner.page.status_code == 200, owner.text
    assert owner.value("code") == "Kettles & irons"
    assert "Kettles & irons" in owner.get("/products/thing?code=KET-1").text.replace("&amp;", "&")
    owner.get("/categories/thing?code=Kettles+%26+irons")
    owner.send("/categories/archive", code="Kettles & irons")
    assert owner.code == "category-has-products"
    owner.send("/categories/into", code="Kettles & irons", into="Pots")
    assert "One product went there." in owner.text


def test_a_promotion_that_cannot_be_meant_is_told(owner: Browser) -> None:
    owner.get("/promotions/add")
    plain = {"code": "ODD", "name": "Odd", "products": "SKU1", "on_contracts": "no"}
    for typed, code in (
        ({"kind": "percent", "amount": "a lot"}, "not-a-number"),
        ({"kind": "", "amount": ""}, "promotion-kind-one"),
        ({"kind": "n_for_m", "take": "three", "pay": "2"}, "not-a-number"),
        ({"kind": "percent", "amount": "10", "products": "NONE"}, "product-unknown"),
        ({"kind": "percent", "amount": "10", "days": "funday"}, "promotion-days-unreadable"),
        ({"kind": "percent", "amount": "10", "hours": "9-9"}, "promotion-hours-unreadable"),
        ({"kind": "percent", "amount": "10", "until": "tomorrow"}, "not-a-moment"),
    ):
        owner.send("/promotions/add", **plain | typed)
        assert owner.page.status_code in (404, 422), (typed, owner.text)
        assert owner.code == code, (typed, owner.text)
    owner.send("/promotions/add", **plain | {"kind": "percent", "amount": "12.5"})
    assert "12.5 % off" in owner.text, owner.text


def test_a_price_is_explained(owner: Browser) -> None:
    owner.get("/price-lists/add")
    owner.send("/price-lists/add", code="WHY", name="For hotels", kind="party", whom="C1")
    owner.send("/price-lists/put", code="WHY", sku="SKU2", price="77.00", from_quantity="", since="")
    assert owner.get("/prices").status_code == 200
    owner.get("/prices?code=SKU2&customer=C1&quantity=3")
    assert "77.00" in owner.text, owner.text
    assert "WHY" in owner.text, owner.text
    assert "231.00" in owner.text
    for query, code in (
        ("code=NONE", "product-unknown"),
        ("code=SKU2&customer=NOBODY", "party-unknown"),
        ("code=SKU2&quantity=many", "not-a-number"),
        ("code=SKU2&at=never", "not-a-moment"),
        ("code=SKU2&depot=MOON", "depot-unknown"),
    ):
        assert owner.get(f"/prices?{query}").status_code == 422
        assert owner.code == code, owner.text


def test_a_paper_is_held_against_the_books(world: World, owner: Browser) -> None:
    assert owner.get("/papers").status_code == 200
    with world.database.for_org(world.centre.org_id).read() as connection:
        row = connection.execute(
            text(
                "SELECT d.document_id, d.terminal_no, d.number, p.letter FROM document AS d"
                " JOIN depot AS p ON p.org_id = d.org_id AND p.depot_id = d.depot_id"
                " WHERE d.kind = 'sale' ORDER BY d.document_id LIMIT 1"
            )
        ).one()
    number = printed_number(row.letter, row.terminal_no, "S", row.number)
    assert owner.get(f"/papers?paper={number}").status_code == 200
    assert "The books have this paper." in owner.text, owner.text
    owner.get(f"/papers?paper={number}+0000000000000000-0000000000000000")
    assert "paper-proof-differs" in owner.text, owner.text
    for typed, code in (
        ("M1-S999999", "document-unknown"),
        ("<script>", "not-a-receipt-number"),
        ("9" * 5_000, "not-a-receipt-number"),
    ):
        assert owner.get("/papers?" + urlencode({"paper": typed})).status_code == 422
        assert owner.code == code, owner.text


def test_a_till_is_enrolled_renamed_and_taken_away(world: World, owner: Browser) -> None:
    owner.get("/tills")
    assert "at work" in owner.text, owner.text
    number = world.till.who.terminal_no
    owner.send("/tills/enrol", depot="MAIN")
    code = re.search(r'id="enrol-code">([\w-]+)<', owner.page.text)
    assert code is not None, owner.text
    assert len(code[1]) >= 11
    owner.get("/tills")
    owner.send("/tills/enrol", depot="MOON")
    assert owner.code == "depot-unknown"
    owner.get(f"/tills/one?till={number}")
    owner.send("/tills/rename", till=number, name="The gate")
    assert "The gate" in owner.text
    owner.send("/tills/rename", till=number, name="  ")
    assert owner.code == "terminal-needs-name"
    owner.send("/tills/revoke", till=number, reason="")
    assert owner.code == "decision-without-reason"
    owner.send("/tills/revoke", till=number, reason="stolen at night")
    assert "stolen at night" in owner.text
    assert owner.send("/tills/revoke", till=number, reason="again").status_code == 422
    for wrong in ("x", "99", "9" * 30):
        assert owner.get(f"/tills/one?till={wrong}").status_code in (404, 422), wrong
        assert owner.code == "no-such-terminal"
    cashier = world.signed_in("CASH")
    assert cashier.get("/tills").status_code == 403
    auditor = world.signed_in("AUD")
    assert auditor.get("/tills").status_code == 200
    assert auditor.send("/tills/enrol", depot="MAIN").status_code == 403


def test_everything_of_the_shop_stands_on_one_page(world: World, owner: Browser) -> None:
    owner.get("/shop")
    for one in navigation.shop(lambda *_: True):
        assert f'href="/office{one.path}"' in owner.page.text, one
    assert navigation.sections(lambda *_: False) == []
    seen = navigation.sections(lambda *wanted: Permission.OPERATE in wanted, "/tills")
    assert [(one.path, one.is_here) for one in seen] == [("/shop", True)]
