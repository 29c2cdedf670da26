"""`bohari prices` and `tax add`: agreed prices by those who may, seen by the invoices that follow."""

import pytest
from sqlalchemy import text

from pos_app import bootstrap
from pos_app.store.documents import audit
from tests.support.worlds.office_line import Line, line

__all__ = ["line"]


def test_an_agreed_price_is_put_used_listed_and_ended(line: Line) -> None:
    # The accountant keeps the lists, and may sell no cheaper.
    assert line.refused("prices", "contract", "C1", "GAS", "2200") == (
        "Acc may not change prices here; ask the owner."
    )
    assert "may not change prices and products" in line.refused(
        "prices", "contract", "C1", "GAS", "9", by="MGR"
    )
    line.ok("prices", "contract", "C1", "GAS", "2400")
    with bootstrap.central(line.home) as centre, centre.database.write() as connection:
        connection.execute(
            text(
                "INSERT INTO role_permission (org_id, grant_id, role, permission)"
                " SELECT org_id, 900000, 'accountant', 'price' FROM organisation"
            )
        )
    said = line.say("prices", "contract", "C1", "GAS", "2200", by="ACC").stdout
    assert said == "C1 pays 2,200.00 KES for GAS from now on.\n"
    (one,) = line.ok("prices", "list", "--customer", "C1", by="")["prices"]
    wanted = {"customer": "C1", "sku": "GAS", "price": "2200.00", "list_price": "2320.00"}
    assert {name: one[name] for name in wanted} == wanted
    assert line.ok("invoices", "new", "--customer", "C1", "--line", "GAS,2")["total"] == "4400.00"
    line.ok("prices", "contract", "C1", "GAS", "--end")
    assert line.ok("prices", "list", by="")["prices"] == []
    assert line.ok("invoices", "new", "--customer", "C1", "--line", "GAS,2")["total"] == "4640.00"
    with bootstrap.central(line.home) as centre, centre.database.read() as connection:
        found = audit.read(connection, centre.organisation().org_id, most=200)
    changes = [one for one in found if "contract_rate" in f"{one.action} {one.subject}"]
    assert {one.person for one in changes} == {"Acc"}
    assert any("220000" in one.after for one in changes)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["C1", "GAS"], "Say the price, or --end"),
        (["C1", "GAS", "5", "--end"], "Say the price, or --end"),
        (["C9", "GAS", "5"], "There is nobody “C9” here"),
        (["C1", "NIX", "5"], "There is no product “NIX”"),
        (["C1", "GAS", "five"], "is not a number"),
        (["C1", "REFILL", "--end"], "No price of REFILL is agreed with"),
    ],
)
def test_a_price_that_cannot_be_is_a_sentence(line: Line, words: list[str], sentence: str) -> None:
    assert sentence in line.refused("prices", "contract", *words)


def test_a_tax_code_of_ones_own(line: Line) -> None:
    line.ok("tax", "add", "TOP8", "8", "--name", "VAT 8 % on top", "--treatment", "exclusive")
    assert (
        line.ok("invoices", "new", "--customer", "C1", "--line", "REFILL,1,100,,,TOP8")["total"] == "108.00"
    )
    assert "TOP8 already" in line.refused("tax", "add", "TOP8", "9", "--name", "again")
    assert line.refused("tax", "add", "ODD", "9", "--name", "odd", "--treatment", "sideways")
