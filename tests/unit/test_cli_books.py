"""The commands of buying, paying, moving and closing, as an accountant drives a month with them."""

from datetime import timedelta
from pathlib import Path

import pytest
from peppol.xsd import validate_xsd
from PIL import Image

from tests.support import shop_days
from tests.support.worlds.office_line import Line, line

__all__ = ["line"]

YEAR = shop_days.today().year
YESTERDAY = (shop_days.today() - timedelta(days=2)).isoformat()


def test_buying_from_order_to_payment(line: Line) -> None:
    line.ok("rates", "set", "USD", "129.50", "--from", f"{YEAR}-01-01", by="OWN")
    assert line.ok("rates", "list", by="")["rates"] == {"USD": "129.5"}
    order = line.ok(
        "orders",
        "new",
        "--vendor",
        "V1",
        "--line",
        "GAS,10,12.00",
        "--currency",
        "USD",
        "--expected",
        YESTERDAY,
    )
    assert (order["number"], order["total"]) == ("M1000000-Q000001", "120.00")
    first = line.ok("receipts", "new", "--order", order["number"], "--line", "GAS,4", by="MGR")
    said = line.refused("receipts", "new", "--order", order["number"], "--line", "GAS,7", by="MGR")
    assert said == "More of “Gas 13 kg” came than was ordered; order the rest, or count again."
    shown = line.ok("orders", "show", order["number"], by="")["lines"][0]
    assert (shown["ordered"], shown["to_come"]) == ("10", "6")
    assert line.ok("orders", "list", by="")["orders"][0]["state"] == "open"
    line.ok("receipts", "new", "--order", order["number"], by="MGR")
    assert line.ok("orders", "list", by="")["orders"] == []
    assert line.ok("orders", "list", "--all", by="")["orders"][0]["state"] == "came"
    freight = line.ok("landed-cost", first["number"], "500.00", "--description", "Lorry")
    assert freight["number"] == "M1000000-L000001"
    bill = line.ok("bills", "new", "--receipt", first["number"], "--reference", "INV 7", "--post")
    assert (bill["total"], bill["currency"]) == ("48.00", "USD")
    assert "billed already" in line.refused("bills", "new", "--receipt", first["number"], "--post")
    paid = line.ok(
        "pay", "vendor", "V1", "--currency", "USD", "--for", f"{bill['number']}=48.00",
        "--paid", "bank=48.00@6240.00KES:TT1",
    )  # fmt: skip
    assert paid["total"] == "48.00"
    assert line.ok("bills", "list", by="")["open"] == []
    draft = line.ok("bills", "new", "--vendor", "V1", "--line", "Rent,6100,116.00,A")
    assert line.ok("bills", "post", draft["draft"][:10])["documents"][0]["total"] == "116.00"
    gone = line.ok("bills", "new", "--vendor", "V1", "--line", "Rent,6100,1.00")
    line.ok("bills", "give-up", gone["draft"])
    back = line.ok("bills", "credit", "M1000000-B000002", "--line", "Rent,6100,16.00", "--reason", "too much")
    assert line.ok("bills", "list", by="")["open"][0]["open"] == "100.00"
    line.ok("void", back["number"], "--reason", "they did not")
    assert line.ok("bills", "list", by="")["open"][0]["open"] == "116.00"


def test_money_in_and_out(line: Line) -> None:
    line.ok("invoices", "new", "--customer", "C1", "--line", "GAS,1", "--post")
    assert line.refused("pay", "customer", "C1", "--paid", "cash=2500.00") == (
        "Only 2,320.00 KES is open of this party; pay no more, or say that the rest is a prepayment."
    )
    line.ok(
        "pay", "customer", "C1", "--paid", "cash=2000.00", "--paid", "mpesa=500.00:SLK4AB9Z01", "--prepay"
    )
    said = line.refused("pay", "customer", "C1", "--paid", "mpesa=1.00:SLK4AB9Z01", "--prepay")
    assert "A message is money once" in said
    line.ok("invoices", "new", "--customer", "C1", "--line", "REFILL,1", "--post", "--business", "WATER")
    assert line.ok("settle", "C1")["total"] == "100.00"
    line.ok("parties", "add", "E1", "--name", "Wanjiru", "--role", "employee::5000.00")
    line.ok("pay", "party", "employee-advance", "E1", "--paid", "cash=300.00")
    assert "choose one of" in line.refused("pay", "party", "gift", "E1", "--paid", "cash=300.00")
    spent = line.ok("expenses", "--line", '"Fuel, lorry",6130,50.00', "--paid", "cash=50.00")
    assert spent["number"] == "M1000000-X000001"
    line.ok("transfer", "money", "safe", "bank", "1000.00", "--reference", "slip 4")
    line.ok("rates", "set", "USD", "129.50", "--from", f"{YEAR}-01-01", by="OWN")
    exchange = ("transfer", "money", "bank", "bank", "1295.00", "--arrives", "10.00USD")
    assert line.ok("accounts", "overdraft", "1170", "--never", by="OWN")["overdraft"] is False
    assert "Bank, main account holds KES" in line.refused(*exchange)
    assert line.ok("accounts", "overdraft", "1170", by="OWN")["overdraft"] is True
    line.ok(*exchange)
    assert "is no account at a bank" in line.refused("accounts", "overdraft", "1150", by="OWN")
    assert "the place that it comes from" in line.refused("transfer", "money", "bank", "bank", "5.00")
    for words, sentence in (
        (["pay", "customer", "C1"], "Say how it is paid"),
        (["pay", "customer", "C1", "--paid", "gold=5.00"], "is no payment"),
        (["pay", "customer", "C1", "--paid", "bank=five"], "is not a number"),
        (["pay", "vendor", "C1", "--paid", "bank=5.00", "--prepay"], "is no vendor"),
        (["pay", "customer", "V1", "--paid", "cash=5.00", "--for", "M1000000-I000001"], "another party's"),
        (["settle", "V1"], "no credit"),
        (["expenses", "--line", "Fuel,6130,50.00", "--paid", "cash=40.00"], "not what is due"),
        (["transfer", "money", "safe", "moon", "5.00"], "no account"),
        (["void", "3/17", "--reason", "x"], "no document 3/17"),
        (["void", "99999999999/1", "--reason", "x"], "is not a receipt number"),
        (["void", "3/99999999999", "--reason", "x"], "is not a receipt number"),
    ):
        assert sentence in line.refused(*words)


def test_goods_travel_and_are_corrected(line: Line) -> None:
    sent = line.ok("transfer", "stock", "MAIN", "WEST", "--line", "GAS,2", by="MGR")
    refused = line.refused("transfer", "receive", sent["number"], "--line", "GAS,3", by="MGR")
    assert "still on their way" in refused
    line.ok("transfer", "receive", sent["number"], by="MGR")
    line.ok("adjust", "WEST", "damage", "--line", "GAS,-1", by="MGR")
    assert "choose one of" in line.refused("adjust", "WEST", "theft", "--line", "GAS,-1", by="MGR")
    said = line.refused("transfer", "stock", "MAIN", "MAIN", "--line", "GAS,2", by="MGR")
    assert said == "The transfer goes to the place that it comes from; choose another one."
    line.ok("locations", "add", "KBX", "--name", "Lorry", "--kind", "vehicle", by="OWN")
    codes = [one["code"] for one in line.ok("locations", "list", by="")["locations"]]
    assert codes == ["KBX", "MAIN", "TRANSIT", "WEST"]
    assert "no kind of location" in line.refused(
        "locations", "add", "X", "--name", "X", "--kind", "moon", by="OWN"
    )
    said = line.say("reorder", "set", "GAS", "--min", "5", "--target", "20", by="ACC").stdout
    assert said == "GAS is watched at MAIN.\n"
    line.ok("reorder", "set", "GAS", "--min", "0", "--target", "0")
    line.ok("reorder", "set", "GAS", "--at", "WEST", "--min", "5", "--target", "20")
    assert line.ok("reorder", "list", by="")["short"] == [
        {"location": "WEST", "sku": "GAS", "in_stock": "1", "minimum": "5", "order": "19"}
    ]


def test_parties_rates_taxes_and_a_business(line: Line) -> None:
    line.ok("parties", "add", "P1", "--name", "Both", "--role", "customer:30:500.00", "--role", "member")
    line.ok("parties", "edit", "P1", "--role", "vendor:7", "--end", "member", "--phone", "0722 555 111")
    (found,) = [one for one in line.ok("parties", "list", by="")["parties"] if one["code"] == "P1"]
    assert [(one["role"], one["terms_days"], one["credit_limit"]) for one in found["roles"]] == [
        ("customer", 30, "500.00"),
        ("vendor", 7, "0.00"),
    ]
    # A role that is given again has the terms that it had, but for what is said.
    line.ok("parties", "edit", "P1", "--end", "customer")
    line.ok("parties", "edit", "P1", "--role", "customer:14")
    (found,) = [one for one in line.ok("parties", "list", by="")["parties"] if one["code"] == "P1"]
    assert [(one["terms_days"], one["credit_limit"]) for one in found["roles"]] == [
        (14, "500.00"),
        (7, "0.00"),
    ]
    assert "P1" in [one["code"] for one in line.ok("parties", "list", "--role", "vendor", by="")["parties"]]
    line.ok("tax", "set", "A", "14", "--from", f"{YEAR + 1}-01-01")
    line.ok("business", "add", "CARS", "--name", "Car wash", by="OWN")
    for words, sentence in (
        (["parties", "add", "P1", "--name", "Again", "--role", "member"], "already"),
        (["parties", "add", "P2", "--name", "X", "--role", "king"], "is no role"),
        (["parties", "add", "P2", "--name", "X"], "Say as what"),
        (["parties", "add", "P2", "--name", "X", "--role", "customer:soon"], "no number of days"),
        (["parties", "add", "P2", "--name", "X", "--role", "customer:999999999"], "terms of payment"),
        (["parties", "edit", "P9", "--name", "X"], "nobody"),
        (["rates", "set", "USD", "0"], "more than zero"),
        (["rates", "set", "USD", "1000000000"], "cannot be right"),
        (["rates", "set", "USD", "129.1234567"], "six decimals"),
        (["rates", "set", "USD", "129.5", "--from", "1970-01-01"], "1970"),
        (["rates", "set", "USD", "129.5", "--from", "2099-01-01"], "2099"),
        (["rates", "set", "KES", "1"], "own currency"),
        (["rates", "set", "shilling", "1"], "not a currency code"),
        (["tax", "set", "A", "101", "--from", "2027-01-01"], "between 0 and 100"),
        (["tax", "set", "Z", "10", "--from", "2027-01-01"], "no tax code"),
        (["tax", "set", "A", "ten", "--from", "2027-01-01"], "no percentage"),
        (["business", "add", "CARS", "--name", "Again"], "already"),
    ):
        assert sentence in line.refused(*words)


def test_entries_opening_and_locks(line: Line, tmp_path: Path) -> None:
    file = tmp_path / "entry.csv"
    file.write_text("account,debit,credit,business,party,description\n6100,60.00,,,,Rent\n1170,,60.00,,,\n")
    assert line.ok("entry", file, "--description", "Rent")["number"] == "M1000000-JE000001"
    for content, sentence in (
        ("6100,60.00,,,\n1170,,59.00,,\n", "must balance"),
        ("6100,60.00,60.00,,\n", "Row 2: Write either a debit or a credit."),
        ("6100,-60.00,,,\n", "Row 2: A negative debit is a credit"),
        ("6100,,,,\n", "Row 2: Write either"),
        ("6100,sixty,,,\n", "Row 2: The debit “sixty” is not a number"),
        ("1300,60.00,,,\n1170,,60.00,,\n", "say whose it is"),
        ("6100,60.00,,X,\n", "no business"),
    ):
        file.write_text(f"account,debit,credit,business,party\n{content}")
        assert sentence in line.refused("entry", file, "--description", "Wrong")
    file.write_text("account,debit\n6100,60.00\n")
    assert "no column “credit”" in line.refused("entry", file, "--description", "Wrong")

    file.write_text(
        "account,debit,credit,business,party,due,description,currency,rate,sku,location,quantity,cost\n"
        "1170,5000.00,,,,,,,,,,,\n"
        "1170,100.00,,,,,,USD,128.00,,,,\n"
        f"1300,580.00,,,C1,{YESTERDAY},OLD-7,,,,,,\n"
        ",,,,,,,,,GAS,MAIN,10,1500.00\n"
    )
    opened = line.ok("opening", file, "--on", YESTERDAY, by="OWN")
    assert [one["kind"] for one in opened["documents"]] == ["journal_entry"] * 3 + ["stock_count"]
    assert "brought in already" in line.refused("opening", file, "--on", YESTERDAY, by="OWN")
    open_ = [one for one in line.ok("invoices", "list", by="")["open"] if one["open"] == "580.00"]
    line.ok("pay", "customer", "C1", "--paid", "cash=580.00", "--for", open_[0]["number"])
    bad = tmp_path / "bad.csv"
    bad.write_text("account,debit,credit,sku,location,quantity,cost\n1170,10.00,,,,,\n,,,GAS,MAIN,1,\n")
    assert "Row 3: Write what one of it cost." in line.refused("opening", bad, by="OWN")

    line.ok("lock", "--through", YESTERDAY, "--reason", "month done")
    said = line.refused(
        "bills", "new", "--vendor", "V1", "--line", "Rent,6100,5", "--on", YESTERDAY, "--post"
    )
    assert said.startswith(f"The books are locked through {YESTERDAY}; date the document after it")
    for day, sentence in (("2099-01-01", "2099"), ("1970-01-01", "1970"), ("soon", "is not a date")):
        assert sentence in line.refused("lock", "--through", day)
    assert "when it is over" in line.refused("lock", "--through", shop_days.today().isoformat())
    assert "may not lock periods" in line.refused("lock", "--through", YESTERDAY, by="MGR")
    line.ok("lock", "--through", "2020-01-01")


def test_a_year_is_valued_locked_and_closed(line: Line) -> None:
    last = YEAR - 1
    day = f"{last}-06-30"
    line.ok("expenses", "--line", "Rent,6100,50.00", "--paid", "cash=50.00", "--on", day)
    assert f"not locked through {last}-12-31" in line.refused("year-end", "--year", str(last))
    line.ok("lock", "--through", f"{last}-12-31")
    assert "waits to be valued" in line.refused("year-end", "--year", str(last))
    assert "may not value stock" in line.refused("value-stock", by="MGR")
    assert line.ok("value-stock")["documents"] > 0
    line.ok("value-stock")
    closed = line.ok("year-end", "--year", str(last))
    assert [(one["business"], one["profit"]) for one in closed["businesses"]] == [("MAIN", "-50.00")]
    line.ok("value-stock")
    assert "closed already" in line.refused("year-end", "--year", str(last))
    assert "not over yet" in line.refused("year-end", "--year", str(YEAR))
    assert "2099" in line.refused("year-end", "--year", "2099")
    assert "1970" in line.refused("year-end", "--year", "1970")
    assert line.refused("year-end", "--year", "-5") != ""
    assert line.run("verify").code == 0
    assert line.run("recalculate", "--all", "--dry-run").code == 0
    assert line.run("report", "balance-sheet").code == 0


@pytest.mark.parametrize(
    "words", [["invoices", "new"], ["lock"], ["transfer", "money", "safe"], ["pay", "x"]]
)
def test_wrong_use_is_two(line: Line, words: list[str]) -> None:
    assert line.run(*words, by="ACC").code == 2


def test_a_letterhead_is_said_and_listed(line: Line) -> None:
    said = (
        "--legal-name", "Depot Holdings Ltd", "--address", "Plot 4", "--address", "Nakuru",
        "--tax-number-name", "PIN", "--tax-number", "P051234567X", "--mpesa-till", "522533",
    )  # fmt: skip
    assert line.ok("business", "edit", "MAIN", *said, by="OWN")["changed"]
    assert not line.ok("business", "edit", "MAIN", *said, by="OWN")["changed"]
    shown = line.ok("business", "list", by="")["businesses"]
    main = next(one for one in shown if one["code"] == "MAIN")
    assert (main["legal_name"], main["address"]) == ("Depot Holdings Ltd", "Plot 4\nNakuru")
    assert (main["tax_number_name"], main["tax_number"], main["mpesa_till"]) == (
        "PIN",
        "P051234567X",
        "522533",
    )
    line.ok(
        "depot", "edit", "MAIN", "--head", "Open daily", "--foot", "Asante", "--phone", "0700 1", by="OWN"
    )
    (depot,) = [one for one in line.ok("depot", "list", by="")["depots"] if one["code"] == "MAIN"]
    assert (depot["receipt_head"], depot["receipt_footer"]) == ("Open daily", "Asante")
    assert "name one thing" in line.refused("business", "edit", "MAIN", by="OWN")
    assert "no depot" in line.refused("depot", "edit", "NOWHERE", "--head", "x", by="OWN")
    line.ok(
        "depot", "edit", "MAIN", "--receipt-width", "58", "--float", "5000", "--open-close",
        "--reason-from", "50", "--voucher-days", "90", "--day-starts", "4:00", by="OWN",
    )  # fmt: skip
    told = line.ok("depot", "show", "main", by="OWN")
    assert [told[name] for name in ("receipt_width", "float", "blind_close", "reason_from")] == [
        "58", "5000.00", "no", "50.00",
    ]  # fmt: skip
    assert (told["voucher_days"], told["day_starts"], told["receipt_head"]) == ("90", "04:00", "Open daily")
    assert line.ok("business", "edit", "MAIN", "--type", "gas", by="OWN")["changed"]
    line.ok("depot", "add", "EAST", "--name", "East", "--business", "MAIN", by="OWN")
    told = line.ok("business", "show", "main", by="OWN")
    assert (told["type"], told["active"], told["depots"], told["legal_name"]) == (
        "gas", True, ["EAST", "MAIN", "WEST"], "Depot Holdings Ltd",
    )  # fmt: skip
    assert "EAST, MAIN, WEST" in line.refused("business", "archive", "MAIN", by="OWN")
    line.ok("depot", "archive", "EAST", by="OWN")
    assert [one["code"] for one in line.ok("depot", "list", by="")["depots"] if not one["active"]] == ["EAST"]
    line.ok("depot", "restore", "EAST", by="OWN")
    line.ok("accounts", "add", "6190", "--name", "Odds", "--type", "expense", by="OWN")
    line.ok("accounts", "edit", "6190", "--name", "Odds and ends", by="OWN")
    line.ok("accounts", "archive", "6190", by="OWN")
    told = line.ok("accounts", "show", "6190", by="OWN")
    assert (told["name"], told["active"], told["stands"]) == ("Odds and ends", False, [])
    line.ok("accounts", "restore", "6190", by="OWN")
    seen = str(line.ok("depot", "show", "EAST", by="OWN")["revision"])
    line.ok("depot", "edit", "EAST", "--float", "10", "--seen", seen, by="OWN")
    line.refused("depot", "edit", "EAST", "--float", "20", "--seen", seen, by="OWN")
    assert "58, 80" in line.refused("depot", "edit", "MAIN", "--receipt-width", "76", by="OWN")


def test_a_document_is_drawn_and_drawn_again_as_a_copy(line: Line, tmp_path: Path) -> None:
    order = line.ok("orders", "new", "--vendor", "V1", "--line", "GAS,10,12.00")
    file = tmp_path / "order.pdf"
    assert [line.ok("paper", order["number"], "-o", file, by="")["copy"] for _ in range(3)] == [0, 1, 2]
    bare = file.read_bytes()
    assert bare.startswith(b"%PDF")
    Image.new("L", (90, 30)).save(tmp_path / "logo.png")
    line.ok("business", "edit", "MAIN", "--logo", tmp_path / "logo.png", by="OWN")
    line.ok("paper", order["number"], "-o", file, by="")
    assert b"/Image" in file.read_bytes()
    assert b"/Subtype /Image" not in bare
    assert line.ok("tax", "name", "A", "VAT", by="OWN")["printed_name"] == "VAT"
    line.refused("paper", order["number"], "--delivery-note", "-o", file, by="")


def test_an_invoice_goes_out_as_xml(line: Line, tmp_path: Path) -> None:
    line.ok("business", "edit", "MAIN", "--tax-number", "P051234567X", by="OWN")
    number = line.ok("invoices", "new", "--customer", "C1", "--line", "GAS,1", "--post")["number"]
    file = tmp_path / "invoice.xml"
    line.ok("paper", number, "--peppol", "-o", file, by="")
    assert number in file.read_text()
    assert validate_xsd(file.read_bytes()) == (True, [])
    order = line.ok("orders", "new", "--vendor", "V1", "--line", "GAS,1,12.00")["number"]
    line.refused("paper", order, "--peppol", "-o", file, by="")
