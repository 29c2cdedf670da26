"""The organisation in the browser, and records of one customer that become one."""

import pytest

from tests.web.world import Browser, World


@pytest.fixture(scope="module")
def owner(world: World) -> Browser:
    """A browser of the owner."""
    return world.signed_in("OWNER")


def test_the_organisation_is_called_otherwise_and_its_time_zone_stays(owner: Browser) -> None:
    owner.get("/organisation")
    values = {name: owner.value(name) for name in ("name", "time_zone", "cash_step")}
    rows = {"rows": "0", "request": owner.value("request"), "act": "save"}
    owner.send("/organisation", **rows, **values)
    assert "said=unchanged" in str(owner.page.url), owner.text
    owner.send("/organisation", **rows, **values | {"name": "Bohari Stores", "cash_step": "1.00"})
    assert "said=changed" in str(owner.page.url), owner.text
    assert (owner.value("name"), owner.value("cash_step")) == ("Bohari Stores", "1.00")
    for change, code in (
        ({"time_zone": "Asia/Singapore"}, "time-zone-too-late"),
        ({"time_zone": "Mars/Base"}, "time-zone-none"),
        ({"cash_step": "0"}, "cash-step-wrong"),
        ({"name": "  "}, "organisation-needs-name"),
    ):
        owner.send("/organisation", **rows, **values | change)
        assert (owner.page.status_code, owner.code) == (422, code), owner.text


def test_two_records_of_one_customer_become_one(owner: Browser) -> None:
    for code in ("JANE1", "JANE2"):
        owner.get("/customers/add")
        owner.send(
            "/customers/add", code=code, name="Jane Double", phone="0711 000 111", days="30", limit="9.00"
        )
    assert "JANE1 Jane Double, JANE2 Jane Double" in owner.get("/doubles").text
    owner.get("/customers/thing?code=JANE2")
    owner.send("/customers/merge", code="JANE2", into="JANE2")
    assert owner.code == "merge-with-itself"
    owner.send("/customers/merge", code="JANE2", into="JANE1")
    assert owner.page.status_code == 200, owner.text
    assert "nothing was open" in owner.text
    assert "JANE2" not in owner.get("/doubles").text
    assert "JANE2" not in owner.get("/customers?words=double").text
