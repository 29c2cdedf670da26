"""Many products at once: chosen, looked at, changed together or not at all."""

import re
from typing import Any

import pytest

from tests.web.world import Browser, World


@pytest.fixture(scope="module")
def owner(world: World) -> Browser:
    """A browser of the owner, with five products of a category."""
    owner = world.signed_in("OWNER")
    for number, price in enumerate(("100.00", "103.00", "249.50", "4.00", "999.99")):
        owner.get("/products/add")
        told = {"code": f"BULK-{number}", "name": f"Bulk {number}", "price": price, "business": "MAIN"}
        assert owner.send("/products/add", **told, category="Bulk").status_code == 200, owner.text
    return owner


SKUS = [f"BULK-{number}" for number in range(5)]


def looked(owner: Browser, **fields: Any) -> str:
    """Look at a deed; gives what stands for what was seen."""
    owner.get("/together?of_category=bulk")
    told: dict[str, Any] = {"words": "", "of_category": "bulk", "value": "", "to": "", "sku": SKUS}
    owner.send("/together/look", **{**told, **fields})
    return owner.value("seen") if owner.page.status_code == 200 else ""


def prices(owner: Browser) -> list[str]:
    """What they cost now."""
    owner.get("/products?words=BULK-")
    return re.findall(r'<td class="number">([\d.,]+)</td>', owner.page.text)


def test_prices_go_up_by_per_cent_after_a_look(owner: Browser) -> None:
    owner.get("/together?of_category=bulk")
    assert all(sku in owner.text for sku in SKUS)
    assert "SKU1" not in owner.text
    seen = looked(owner, deed="percent", value="5 %", to="5.00")
    assert "5 products would change" in owner.text, owner.text
    assert prices(owner)[0] == "100.00"
    owner.get("/together")
    owner.send("/together/do", deed="percent", value="5 %", to="5.00", sku=SKUS, seen=seen)
    assert prices(owner) == ["105.00", "110.00", "260.00", "5.00", "1050.00"], owner.text
    # Sent twice it is not done twice.
    owner.get("/together")
    owner.send("/together/do", deed="percent", value="5 %", to="5.00", sku=SKUS, seen=seen)
    assert (owner.page.status_code, owner.code) == (409, "together-changed-meanwhile")
    assert prices(owner)[0] == "105.00"


def test_a_second_press_is_offered_no_second_rise(owner: Browser) -> None:
    before = prices(owner)
    looked(owner, deed="percent", value="10")
    held = {name: owner.value(name) for name in ("seen", "promised", "token")}
    for _ in range(2):
        owner.send("/together/do", deed="percent", value="10", to="", sku=SKUS, **held)
        assert (owner.page.status_code, owner.page.url.path) == (200, "/office/products"), owner.text
    assert prices(owner) != before
    looked(owner, deed="percent", value="5", to="5.00")
    assert "promised" in owner.page.text


def test_what_somebody_changed_meanwhile_is_not_written_over(world: World, owner: Browser) -> None:
    seen = looked(owner, deed="percent", value="-10")
    other = world.signed_in("ACC")
    other.get("/products/edit?code=BULK-1")
    other.send("/products/edit", code="BULK-1", seen=other.value("seen"), name="Bulk 1", price="70.00")
    owner.get("/together")
    owner.send("/together/do", deed="percent", value="-10", to="", sku=SKUS, seen=seen)
    assert owner.code == "together-changed-meanwhile"
    assert "63.00" in owner.text


def test_a_category_a_tax_code_and_the_archive(owner: Browser) -> None:
    seen = looked(owner, deed="category", value="Other", sku=SKUS[:2])
    owner.send("/together/do", deed="category", value="Other", to="", sku=SKUS[:2], seen=seen)
    assert "Other" in owner.get("/products/thing?code=BULK-0").text
    seen = looked(owner, deed="tax_code", value="E")
    owner.send("/together/do", deed="tax_code", value="E", to="", sku=SKUS, seen=seen)
    assert "said=changed" in str(owner.page.url), owner.text
    seen = looked(owner, deed="archive", sku=SKUS[3:])
    owner.send("/together/do", deed="archive", value="", to="", sku=SKUS[3:], seen=seen)
    assert "BULK-4" in owner.get("/products?words=BULK-&archived=yes").text


def test_a_supplier_is_said_of_all_that_are_ticked(owner: Browser) -> None:
    owner.get("/vendors/add")
    owner.send("/vendors/add", code="COLA", name="Cola Ltd", days="30")
    owner.get("/together")
    owner.send("/together/look", sku=["SKU1", "SKU2"], deed="supplier", value="cola")
    owner.send(
        "/together/do", sku=["SKU1", "SKU2"], deed="supplier", value="cola",
        seen=owner.value("seen"), promised=owner.value("promised"),
    )  # fmt: skip
    owner.get("/products/edit?code=SKU2")
    assert owner.value("supplier") == "COLA"
    owner.get("/together")
    owner.send("/together/look", sku=["SKU1"], deed="supplier", value="NOBODY")
    assert (owner.page.status_code, owner.code) == (422, "party-unknown")


def test_what_cannot_be_meant_is_told(world: World, owner: Browser) -> None:
    for fields, code in (
        ({"deed": ""}, "together-deed-unknown"),
        ({"deed": "burn"}, "together-deed-unknown"),
        ({"deed": "percent", "value": "much"}, "not-a-number"),
        ({"deed": "percent", "value": "-100"}, "together-percent-wrong"),
        ({"deed": "percent", "value": "1e9"}, "not-a-number"),
        ({"deed": "percent", "value": "5", "to": "0"}, "together-step-wrong"),
        ({"deed": "percent", "value": "5", "to": "0.001"}, "together-step-wrong"),
        ({"deed": "percent", "value": "0"}, "together-nothing"),
        ({"deed": "percent", "value": "-99", "to": "50.00"}, "together-price-nothing"),
        ({"deed": "archive", "sku": []}, "together-nothing"),
        ({"deed": "tax_code", "value": ""}, "tax-code-unknown"),
        ({"deed": "tax_code", "value": "-"}, "tax-code-unknown"),
        ({"deed": "archive", "sku": ["NONE"]}, "product-unknown"),
        ({"deed": "archive", "sku": [f"X{one}" for one in range(501)]}, "together-too-many"),
    ):
        looked(owner, **fields)
        assert (owner.page.status_code, owner.code) == (422, code), (fields, owner.text)
    seen = looked(owner, deed="tax_code", value="NOPE", sku=["BULK-0"])
    owner.send("/together/do", deed="tax_code", value="NOPE", to="", sku=["BULK-0"], seen=seen)
    assert owner.page.status_code == 422, owner.text
    auditor = world.signed_in("AUD")
    assert auditor.get("/together").status_code == 403
    assert auditor.get("/labels").status_code == 200


def test_an_empty_is_archived_together_with_what_needs_it(owner: Browser) -> None:
    for code, more in (("AAA-EMPTY", {}), ("ZZZ-FULL", {"type": "returnable", "empty": "AAA-EMPTY"})):
        owner.get("/products/add")
        told = {"code": code, "name": code, "price": "1.00", "business": "MAIN"}
        assert owner.send("/products/add", **told, **more).status_code == 200, owner.text
    both = ["AAA-EMPTY", "ZZZ-FULL"]
    seen = looked(owner, deed="archive", sku=both)
    owner.send("/together/do", deed="archive", value="", to="", sku=both, seen=seen)
    assert "said=changed" in str(owner.page.url), owner.text
