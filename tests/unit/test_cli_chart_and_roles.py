"""Commands over the chart and over what a role may do; codes in any case; a credit settled and paid out."""

from tests.support.worlds.office_line import Line, line

__all__ = ["line"]


def test_an_account_is_added_and_given_a_role(line: Line) -> None:
    made = line.ok("accounts", "add", "1172", "--name", "Bank, new", "--type", "Asset")
    assert (made["code"], made["type"], made["role"]) == ("1172", "asset", None)
    assert line.ok("accounts", "role", "1172", "BANK")["role"] == "bank"
    line.ok("pay", "customer", "C1", "--paid", "bank=100.00", "--prepay")
    assert line.ok("explain", "account", "1172", by="")["balance"] == "100.00"
    chart = {one["code"]: one for one in line.ok("accounts", "list", by="")["accounts"]}
    assert (chart["1172"]["role"], chart["1170"]["role"], chart["1110"]["business"]) == ("bank", None, "MAIN")
    for words, sentence in (
        (["add", "1172", "--name", "Again", "--type", "asset"], "already"),
        (["add", "6150", "--name", "Licences", "--type", "costs"], "no type of account"),
        (["add", "6150", "--name", "Licences", "--type", "expense", "--role", "bank"], "of the type asset"),
        (["role", "1172", "purse"], "no role of an account"),
        (["role", "9999", "bank"], "no account"),
    ):
        assert sentence in line.refused("accounts", *words)


def test_a_permission_is_granted_and_revoked(line: Line) -> None:
    assert line.ok("role", "grant", "cashier", "Refund", by="")["changed"] is True
    assert line.ok("role", "grant", "cashier", "refund", by="")["changed"] is False
    may = {one["role"]: one["may"] for one in line.ok("role", "list", by="")["roles"]}
    assert "refund" in may["cashier"]
    assert line.ok("role", "revoke", "CASHIER", "refund", by="")["changed"] is True
    may = {one["role"]: one["may"] for one in line.ok("role", "list", by="")["roles"]}
    assert "refund" not in may["cashier"]
    assert "no permission" in line.refused("role", "grant", "cashier", "fly", by="")
    assert "no role" in line.refused("role", "grant", "king", "refund", by="").lower()
    assert "grant it to another role first" in line.refused("role", "revoke", "owner", "edit-people", by="")


def test_codes_are_known_in_any_case(line: Line) -> None:
    line.ok("invoices", "new", "--customer", "v1", "--line", "REFILL,1", "--business", "water", "--post")
    line.ok("tax", "set", "a", "14", "--from", "2027-01-01", by="OWN")
    bill = line.ok("bills", "new", "--vendor", "v1", "--line", "Rent,6100,116.00,a", "--post")
    assert bill["total"] == "116.00"
    assert line.ok("accounts", "add", "6100-b", "--name", "Rent, back", "--type", "expense")
    line.ok("expenses", "--line", "Back,6100-B,5.00,A", "--paid", "bank=5.00")


def test_parties_are_listed_by_the_letters_of_their_names(line: Line) -> None:
    for code, name in (("Z1", "Épices du Lac"), ("Z2", "zebra"), ("Z3", "Eden"), ("Z4", "Fatuma")):
        line.ok("parties", "add", code, "--name", name, "--role", "vendor")
    names = [one["name"] for one in line.ok("parties", "list", "--role", "vendor", by="")["parties"]]
    assert [name for name in names if name in ("Épices du Lac", "zebra", "Eden", "Fatuma")] == [
        "Eden",
        "Épices du Lac",
        "Fatuma",
        "zebra",
    ]


def test_credit_beyond_an_invoice_is_settled_with_and_paid_out(line: Line) -> None:
    line.ok("parties", "add", "C9", "--name", "Otieno", "--role", "customer:30:20000.00")
    first = line.ok("invoices", "new", "--customer", "C9", "--line", "GAS,1", "--post")["number"]
    line.ok("pay", "customer", "C9", "--for", f"{first}=2320.00", "--paid", "bank=2320.00")
    line.ok("invoices", "credit", first, "--reason", "dented")
    assert line.ok("explain", "invoice", first, by="")["credit"] == "2320.00"
    assert line.ok("explain", "customer", "C9", by="")["credit"] == "2320.00"
    line.ok("invoices", "new", "--customer", "C9", "--line", "REFILL,5", "--post")
    assert line.ok("settle", "C9")["total"] == "500.00"
    said = line.refused("pay", "party", "customer-credit-return", "C9", "--paid", "mpesa=1820.01:SLK4AB9Z01")
    assert "not so much credit" in said
    line.ok("pay", "party", "customer-credit-return", "C9", "--paid", "mpesa=1820.00:SLK4AB9Z01")
    assert line.ok("explain", "customer", "C9", by="")["credit"] == "0.00"
    assert line.ok("explain", "invoice", first, by="")["balance"] == "0.00"
