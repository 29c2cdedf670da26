"""Parties by command: shown, archived when nothing is open with them, then offered nowhere, brought back."""

import json
from pathlib import Path

from tests.support.worlds.office_line import Line, line

__all__ = ["line"]


def code_of(line: Line, *words: str | Path, by: str = "ACC") -> str:
    """Why a command is refused."""
    ran = line.run(*words, by=by)
    assert ran.code == 1, ran
    return str(json.loads(ran.stdout)["code"])


def active(line: Line, code: str) -> bool:
    return bool(line.ok("parties", "show", code)["active"])


def test_a_party_is_shown_with_what_stands_open(line: Line) -> None:
    line.ok("parties", "add", "S1", "--name", "Sunrise", "--role", "customer:30:500.00", "--phone", "0722 1")
    line.ok("parties", "edit", "S1", "--address", "Box 1", "--address", "Nairobi")
    line.ok("invoices", "new", "--customer", "S1", "--line", "REFILL,2", "--business", "water", "--post")
    shown = line.ok("parties", "show", "s1")
    assert (shown["phone"], shown["address"]) == ("0722 1", "Box 1\nNairobi")
    assert shown["roles"] == [{"role": "customer", "terms_days": 30, "credit_limit": "500.00"}]
    assert shown["open"] == [{"role": "customer", "currency": "KES", "amount": "200.00"}]
    said = line.say("parties", "show", "S1", by="ACC").stdout
    assert "Box 1, Nairobi" in said
    assert "KES 200.00 as customer" in said
    assert code_of(line, "parties", "show", "NOBODY") == "party-unknown"
    assert code_of(line, "parties", "show", "S1", by="AUD") == "person-may-not"


def test_who_owes_stays_and_who_paid_is_archived_and_offered_nowhere(line: Line, tmp_path: Path) -> None:
    line.ok("parties", "add", "S2", "--name", "Sunset", "--role", "customer:30:500.00")
    line.ok("invoices", "new", "--customer", "S2", "--line", "REFILL,1", "--business", "water", "--post")
    assert "KES 100.00 still stand open with Sunset" in line.refused("parties", "archive", "S2")
    assert code_of(line, "parties", "edit", "S2", "--inactive") == "party-stands-open"
    file = tmp_path / "customers.csv"
    file.write_text("code,active\nS2,no\n", encoding="utf-8")
    assert "KES 100.00" in str(line.run("import", "customers", file, by="OWN"))
    assert active(line, "S2")
    line.ok("pay", "customer", "S2", "--paid", "bank=100.00", "--business", "water")
    line.ok("parties", "archive", "s2")
    assert not active(line, "S2")
    assert code_of(line, "parties", "archive", "S2") == "party-archived-already"
    for words in (
        ("invoices", "new", "--customer", "S2", "--line", "REFILL,1", "--business", "water", "--post"),
        ("pay", "customer", "S2", "--paid", "bank=1.00", "--prepay"),
    ):
        assert code_of(line, *words) == "party-inactive-office"
    listed = {one["code"]: one["active"] for one in line.ok("parties", "list", by="")["parties"]}
    assert listed["S2"] is False
    line.ok("parties", "restore", "S2")
    assert code_of(line, "parties", "restore", "S2") == "party-not-archived"
    line.ok("invoices", "new", "--customer", "S2", "--line", "REFILL,1", "--business", "water", "--post")
    told = [one["after"] for one in line.ok("parties", "history", "S2", by="OWN")["history"]]
    assert [one["active"] for one in told if set(one) == {"active"}] == [0, 1]


def test_a_vendor_to_be_paid_or_waited_for_stays(line: Line) -> None:
    line.ok("parties", "add", "S3", "--name", "Supplier", "--role", "vendor:14", "--role", "customer")
    line.ok("invoices", "new", "--customer", "S3", "--line", "REFILL,1", "--business", "water")
    assert code_of(line, "parties", "archive", "S3") == "party-papers-wait"
    line.ok("parties", "add", "S4", "--name", "Landlord", "--role", "vendor:14")
    line.ok("bills", "new", "--vendor", "S4", "--line", "Rent,6100,50.00", "--post")
    assert code_of(line, "parties", "archive", "S4") == "party-stands-open"


def test_contacts_are_said_shown_and_taken_away(line: Line) -> None:
    line.ok("parties", "add", "M1", "--name", "Mall", "--role", "customer:30")
    said = ("parties", "contact", "M1")
    line.ok(*said, "delivery", "--name", "Gate B", "--address", "Yard 2", "--address", "Ruiru")
    line.ok(*said, "Delivery", "--phone", "+254 722 000 001")
    line.ok(*said, "billing", "--email", "accounts@mall.example")
    delivery = {"label": "delivery", "name": "Gate B", "phone": "+254 722 000 001", "email": ""}
    billing = {"label": "billing", "name": "", "phone": "", "email": "accounts@mall.example", "address": ""}
    shown = line.ok("parties", "show", "M1")["contacts"]
    assert shown == [billing, delivery | {"address": "Yard 2\nRuiru"}]
    for words, why in (
        (("M1", "spare"), "contact-says-nothing"),
        (("M1", " ", "--name", "X"), "contact-needs-label"),
        (("M1", "spare", "--email", "nobody"), "email-unusable"),
        (("M1", "spare", "--remove"), "contact-unknown"),
        (("NOBODY", "spare", "--name", "X"), "party-unknown"),
    ):
        assert code_of(line, "parties", "contact", *words) == why, words
    line.ok(*said, "billing", "--remove")
    told = line.say("parties", "history", "M1", by="OWN").stdout
    assert "contact delivery of M1: phone  → +254 722 000 001" in told
    assert "contact billing of M1: archived no → yes" in told


def metered(line: Line, sku: str) -> None:
    details = ("--name", "Piped gas", "--price", "3.00", "--type", "metered", "--business", "water")
    line.ok("product", "add", sku, *details, by="OWN")


def test_meters_are_said_shown_and_taken_away(line: Line) -> None:
    line.ok("parties", "add", "M2", "--name", "Mall", "--role", "customer:30")
    metered(line, "PIPED")
    details = ("--product", "PIPED", "--serial", "SN 9", "--first", "1250.5", "--rate", "2.6525")
    line.ok("parties", "meter", "M2", "K-1", *details, by="OWN")
    shown = line.ok("parties", "show", "M2")["meters"]
    assert shown == [{"meter": "K-1", "sku": "PIPED", "serial": "SN 9", "first_reading": "1250.5"}]
    told = " ".join(one["words"] for one in line.ok("audit", "list", "--action", "party_meter")["entries"])
    assert "first reading 1,250.5" in told
    prices = line.ok("prices", "list", "--customer", "M2", by="")["prices"]
    assert [(one["sku"], one["price"]) for one in prices] == [("PIPED", "2.6525")]
    for words, why in (
        # Who may not lower prices agrees on none below the list's.
        (("K-1", "--rate", "1.00"), "person-may-not-here"),
        (("K-2",), "meter-needs-product"),
        (("K-2", "--product", "REFILL"), "meter-of-other-goods"),
        (("K-1", "--first", "-1"), "meter-reading-implausible"),
        (("K-9", "--remove"), "meter-unknown"),
    ):
        assert code_of(line, "parties", "meter", "M2", *words) == why, words
    told = line.say("parties", "history", "M2", by="OWN").stdout
    assert "meter K-1 of M2: new" in told
    assert "product PIPED" in told
    line.ok("parties", "meter", "M2", "k-1", "--remove")
    assert line.ok("parties", "show", "M2")["meters"] == []


def test_customers_contacts_and_meters_go_round_by_sheet(line: Line, tmp_path: Path) -> None:
    line.ok("customer-group", "add", "VIP", "--name", "The best")
    metered(line, "METERED")
    files = {
        "customers": (
            "code,name,terms_days,groups",
            "R1,Round one,14,vip",
            "R2,Round two,-,-",
            "R3,Three,x,",
            "R4,Four,1,NONE",
        ),
        "contacts": (
            "code,label,name,phone,address",
            "R1,delivery,=Gate,+254 722 1,Yard | Ruiru",
            "R9,x,y,,",
            "R2,y,,,",
        ),
        "meters": (
            "code,meter,sku,first_reading,rate",
            "R1,A,METERED,5.25,2.6525",
            "R1,B,METERED,0,",
            "R2,C,REFILL,0,",
        ),
    }
    refused = {"customers": 2, "contacts": 2, "meters": 1}
    for noun, rows in files.items():
        file = tmp_path / f"{noun}.csv"
        file.write_text("\n".join(rows) + "\n", encoding="utf-8")
        done = line.ok("import", noun, file, by="OWN")
        assert done["refused"] == refused[noun], done
    shown = line.ok("parties", "show", "R1")
    assert (shown["roles"][0]["terms_days"], shown["groups"]) == (14, ["VIP"])
    assert shown["contacts"][0]["address"] == "Yard\nRuiru"
    assert [one["meter"] for one in shown["meters"]] == ["A", "B"]
    for noun in files:
        first, again = tmp_path / f"{noun}1.csv", tmp_path / f"{noun}2.xlsx"
        line.ok("export", noun, first, by="OWN")
        before = line.ok("parties", "show", "R1")
        read = line.ok("import", noun, first, by="OWN")
        assert read["refused"] == 0, read
        line.ok("export", noun, again, by="OWN")
        assert line.ok("import", noun, again, by="OWN")["refused"] == 0
        # What is written and read again changes nothing.
        assert line.ok("parties", "show", "R1") == before, noun
    line.ok("import", "customers", _file(tmp_path, "code,groups\nR1,-\n"), by="OWN")
    assert line.ok("parties", "show", "R1")["groups"] == []


def _file(folder: Path, text: str) -> Path:
    file = folder / "more.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_two_records_of_one_customer_become_one(line: Line) -> None:
    said = ("--role", "customer:30:500.00", "--phone")
    line.ok("parties", "add", "D1", "--name", "Bright Hotel", *said, "0733 112 233")
    line.ok("parties", "add", "D2", "--name", "hotel BRIGHT", *said, "+254 733 112233")
    line.ok("invoices", "new", "--customer", "D2", "--line", "REFILL,2", "--business", "water", "--post")
    found = line.ok("parties", "doubles")["doubles"]
    ours = [one["by"] for one in found if {each["code"] for each in one["parties"]} == {"D1", "D2"}]
    assert sorted(ours) == ["name", "phone"]
    done = line.ok("parties", "merge", "D1", "d2", by="OWN")
    assert (done["kept"], done["gone"], len(done["documents"])) == ("D1", "D2", 2)
    shown = line.ok("parties", "show", "D1")
    assert shown["open"] == [{"role": "customer", "currency": "KES", "amount": "200.00"}]
    gone = line.ok("parties", "show", "D2")
    assert (gone["active"], gone["open"], gone["into"]) == (False, [], "D1")
    line.ok("pay", "customer", "D1", "--paid", "bank=200.00", "--business", "water")
    assert code_of(line, "parties", "merge", "D1", "D1", by="OWN") == "merge-with-itself"
    assert "same as  → D1" in line.say("parties", "history", "D2", by="OWN").stdout
