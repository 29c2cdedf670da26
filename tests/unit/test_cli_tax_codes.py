"""Tax codes by command: listed with their rates, archived when nothing has them, then nothing new may."""

import json
from pathlib import Path

from pos_app import bootstrap
from pos_app.store.master import rates
from tests.support.worlds.office_line import Line, line

__all__ = ["line"]


def code_of(line: Line, *words: str | Path, by: str = "OWN") -> str:
    """Why a command is refused."""
    ran = line.run(*words, by=by)
    assert ran.code == 1, ran
    return str(json.loads(ran.stdout)["code"])


def test_tax_codes_are_listed_with_their_rates(line: Line) -> None:
    line.ok("tax", "add", "X8", "8", "--name", "Fuel levy", "--treatment", "exclusive", by="OWN")
    line.ok("tax", "set", "X8", "9.5", "--from", "2027-01-01", by="OWN")
    line.ok("tax", "name", "X8", "Levy", by="OWN")
    found = {one["code"]: one for one in line.ok("tax", "list", by="")["tax_codes"]}
    assert found["X8"] == {
        "code": "X8",
        "name": "Fuel levy",
        "treatment": "exclusive",
        "printed_name": "Levy",
        "supply": "",
        "rates": [{"from": "", "rate_bp": 800}, {"from": "2027-01-01", "rate_bp": 950}],
        "products": 0,
        "active": True,
    }
    assert (found["A"]["products"], found["E"]["products"]) == (1, 1)
    said = line.say("tax", "list", by="OWN").stdout
    assert "9.5%" in said.replace("\u00a0", "").replace(" ", "")


def test_what_has_a_tax_code_keeps_it_from_the_archive(line: Line) -> None:
    line.ok("tax", "add", "Y5", "5", "--name", "Five", by="OWN")
    line.ok(
        "product",
        "add",
        "FIVE",
        "--name",
        "Five",
        "--price",
        "5",
        "--tax",
        "Y5",
        "--business",
        "MAIN",
        by="OWN",
    )
    assert "the tax of 1 products (FIVE)" in line.refused("tax", "archive", "y5", by="OWN")
    line.ok("product", "archive", "FIVE", by="OWN")
    line.ok("bills", "new", "--vendor", "V1", "--line", "Rent,6100,10.00,Y5")
    assert code_of(line, "tax", "archive", "Y5") == "tax-code-of-drafts"
    assert code_of(line, "tax", "archive", "deposit") == "tax-code-of-house"
    assert code_of(line, "tax", "archive", "NONE") == "tax-code-unknown"
    assert code_of(line, "tax", "archive", "Y5", by="AUD") == "person-may-not-here"


def test_nothing_new_has_an_archived_tax_code_until_it_is_back(line: Line, tmp_path: Path) -> None:
    line.ok("tax", "add", "Z7", "7", "--name", "Seven", by="OWN")
    line.ok(
        "product",
        "add",
        "SEVEN",
        "--name",
        "Seven",
        "--price",
        "7",
        "--tax",
        "Z7",
        "--business",
        "MAIN",
        by="OWN",
    )
    line.ok("product", "archive", "SEVEN", by="OWN")
    line.ok("tax", "archive", "z7", by="OWN")
    assert code_of(line, "tax", "archive", "Z7") == "tax-code-archived-already"
    assert code_of(line, "product", "restore", "SEVEN") == "tax-code-archived"
    assert code_of(line, "product", "edit", "GAS", "--tax", "Z7") == "tax-code-archived"
    assert (
        code_of(line, "bills", "new", "--vendor", "V1", "--line", "Rent,6100,10.00,Z7") == "tax-code-archived"
    )
    listed = {one["code"]: one["active"] for one in line.ok("tax", "list", by="")["tax_codes"]}
    assert (listed["Z7"], listed["A"]) == (False, True)
    with bootstrap.central(line.home) as centre:
        org_id = centre.organisation().org_id
        with centre.database.for_org(org_id).read() as connection:
            offered = {one.code for one in rates.tax_choices(connection, org_id, 20261201)}
    assert "Z7" not in offered
    line.ok("tax", "restore", "Z7", by="OWN")
    assert code_of(line, "tax", "restore", "Z7") == "tax-code-not-archived"
    line.ok("product", "restore", "SEVEN", by="OWN")
    told = [one["after"] for one in line.ok("tax", "history", "Z7", by="OWN")["history"]]
    assert [one["active"] for one in told if set(one) == {"active"}] == [0, 1]


def test_a_code_says_what_it_is_on_a_return(line: Line) -> None:
    line.ok(
        "tax",
        "add",
        "ES",
        "0",
        "--name",
        "Interest",
        "--treatment",
        "exempt",
        "--supply",
        "financial",
        by="OWN",
    )
    assert line.ok("tax", "supply", "ES", "usual", by="OWN")["supply"] == ""
    assert line.ok("tax", "supply", "es", "BLOCKED", by="OWN")["supply"] == "blocked"
    assert "cannot be export" in line.refused("tax", "supply", "ES", "export", by="OWN")
    found = {one["code"]: one["supply"] for one in line.ok("tax", "list", by="")["tax_codes"]}
    assert found["ES"] == "blocked"
    boxes = line.ok("report", "gst-f5", "--format", "json", by="OWN")
    assert boxes["report"] == "gst-f5"
    assert "there are gst-f5-1" in line.refused("report", "tax-lines", "--box", "9", by="OWN")
    assert "has no boxes" in line.refused("report", "vat", "--box", "vat3-B", by="OWN")
