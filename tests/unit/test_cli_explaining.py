"""`bohari explain` of what stands between us and parties, and `bohari revalue`, as an accountant asks."""

from tests.support import shop_days
from tests.support.worlds.office_line import Line, line

__all__ = ["line"]

YEAR = shop_days.today().year


def test_an_invoice_is_explained_by_its_number(line: Line) -> None:
    made = line.ok("invoices", "new", "--customer", "C1", "--line", "GAS,2", "--post")
    number = str(made["documents"][0]["number"] if "documents" in made else made["number"])
    line.ok("pay", "customer", "C1", "--paid", "cash=2000.00", "--for", f"{number}=2000.00")
    line.ok("invoices", "credit", number, "--line", "1,1", "--reason", "dented")
    found = line.ok("explain", "invoice", number, by="")
    assert (found["code"], found["name"], found["currency"]) == (number, "C1 Mama", "KES")
    assert [(one["kind"], one["change"]) for one in found["lines"]] == [
        ("invoice", "4640.00"),
        ("payment", "-2000.00"),
        ("credit_note", "-2320.00"),
    ]
    assert found["balance"] == found["lines"][-1]["balance"] == "320.00"
    # By terminal and sequence, as a till knows an invoice of the office.
    document = int(found["lines"][0]["document"])
    by_key = line.ok("explain", "invoice", f"{document >> 32}/{document & 0xFFFFFFFF}", by="")
    assert by_key["balance"] == "320.00"
    payment = found["lines"][1]["number"]
    assert payment
    for wrong in ("M1000000-I999999", "7/9", "99999999999999999999/1"):
        assert line.refused("explain", "invoice", wrong, by="")
    assert "looks like" in line.refused("explain", "invoice", "seven", by="")


def test_a_bill_is_explained_too(line: Line) -> None:
    line.ok("bills", "new", "--vendor", "V1", "--line", "Rent,6100,116.00", "--post")
    listed = line.ok("bills", "list", by="")["open"]
    number = str(listed[0]["number"])
    line.ok("pay", "vendor", "V1", "--for", f"{number}=16.00", "--paid", "bank=16.00:TT1")
    found = line.ok("explain", "invoice", number, by="")
    assert (found["name"], found["balance"]) == ("V1 Total", "100.00")
    assert line.ok("explain", "vendor", "V1", by="")["balance"] == "-100.00"


def test_every_role_of_a_party_is_explained(line: Line) -> None:
    line.ok("parties", "add", "X1", "--name", "Otieno", "--role", "employee::1000.00", "--role", "member",
            "--role", "customer")  # fmt: skip
    paid = {
        "employee": ("employee-advance", "300.00", "300.00"),
        "member": ("member-deposit", "500.00", "-500.00"),
        "share": ("member-share", "700.00", "-700.00"),
        "deposit": ("customer-deposit", "900.00", "-900.00"),
    }
    for reason, amount, _ in paid.values():
        line.ok("pay", "party", reason, "X1", "--paid", f"cash={amount}")
    for role, (_, _, balance) in paid.items():
        found = line.ok("explain", role, "X1", by="")
        assert (found["balance"], found["name"], len(found["lines"])) == (balance, "Otieno", 1)
    assert line.ok("explain", "vendor", "X1", by="")["balance"] == "0.00"
    said = line.refused("explain", "share", "NOBODY", by="")
    assert said == "There is no share “NOBODY” here; check the code."


def test_dollars_are_explained_and_revalued(line: Line) -> None:
    line.ok("rates", "set", "USD", "129.50", "--from", f"{YEAR}-01-01", by="OWN")
    words = ("--currency", "USD", "--paid", "bank=10.00:TT2", "--prepay")
    line.ok("pay", "customer", "C1", *words)
    found = line.ok("explain", "customer", "C1", "--currency", "usd", by="")
    assert (found["balance"], found["currency"]) == ("-10.00", "USD")
    assert "Balance -10.00 USD" in line.say("explain", "customer", "C1", "--currency", "USD").stdout
    assert line.ok("explain", "account", "1170", "--currency", "USD", by="")["balance"] == "10.00"
    line.ok("rates", "set", "USD", "130.50", by="OWN")
    dry = line.ok("revalue", "--dry-run")
    (one,) = dry["revalued"]
    assert (one["account"], one["before"], one["worth"], one["difference"]) == (
        "1170",
        "1295.00",
        "1305.00",
        "10.00",
    )
    assert dry["documents"] == []
    assert len(line.ok("revalue")["documents"]) == 1
    again = line.ok("revalue")
    assert (again["revalued"], again["documents"]) == ([], [])
    assert "stands at the rate" in line.say("revalue", by="ACC").stdout
    assert "may not" in line.refused("revalue", by="AUD")
    assert "a day to come" in line.refused("revalue", "--on", f"{YEAR + 1}-12-31")
    assert "no asset" in line.refused("revalue", "--account", "2110", "--dry-run")
