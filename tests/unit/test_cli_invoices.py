"""`bohari invoices` and `import invoices`: drafts, posting, PDF, credit, and what is wrong with imports."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from pos_app import bootstrap
from pos_app.ledger.day import from_date
from pos_app.office.written import day_or_moment
from pos_app.store.documents import audit
from pos_app.store.master import rates
from tests.support import shop_days
from tests.support.worlds.office_line import Line, line

__all__ = ["line"]


def test_an_invoice_from_draft_to_paper(line: Line, tmp_path: Path) -> None:
    file = tmp_path / "lines.csv"
    file.write_text("sku,quantity,price\nGAS,2,\nREFILL,10,90.00\n")
    told = ("invoices", "new", "--customer", "C1", "--lines", file, "--reference", "LPO 7")
    assert line.refused(*told) == "Acc may not change prices here; ask the owner."
    draft = line.ok(*told, by="MGR")
    assert draft["total"] == "5540.00"
    assert [one["draft"] for one in line.ok("invoices", "list", by="")["drafts"]] == [draft["draft"]]
    key = draft["draft"][:8]
    changed = line.ok("invoices", "edit", key, "--customer", "C1", "--line", "GAS,1", "--terms", "10")
    assert (changed["draft"], changed["total"]) == (draft["draft"], "2320.00")
    assert line.ok("invoices", "edit", key, "--reference", "LPO 8")["total"] == "2320.00"
    assert line.ok("invoices", "show", key, by="")["lines"][0]["sku"] == "GAS"
    made = line.ok("invoices", "post", key)["documents"][0]
    assert made["number"] == "M1000000-I000001"
    shown = line.ok("invoices", "show", made["number"], by="")
    assert (shown["open"], shown["total"]) == ("2320.00", "2320.00")
    paper = tmp_path / "invoice.pdf"
    line.ok("invoices", "pdf", made["number"], "--output", paper, by="")
    assert paper.read_bytes().startswith(b"%PDF")
    line.ok("invoices", "credit", made["number"], "--line", "1,0.5", "--reason", "half leaked")
    assert line.ok("invoices", "show", made["number"], by="")["open"] == "1160.00"
    line.ok("invoices", "write-off", "C1", "--for", made["number"], "--reason", "moved away")
    assert line.ok("invoices", "list", by="")["open"] == []
    said = line.say("invoices", "new", "--customer", "C1", "--line", "GAS,1", "--post", by="ACC").stdout
    assert said == "M1000000-I000002: 2320.00 KES\n"
    gone = line.ok("invoices", "new", "--customer", "C1", "--line", "GAS,1")["draft"]
    line.ok("invoices", "edit", gone, "--give-up")
    assert line.ok("invoices", "list", by="")["drafts"] == []


def test_a_credit_note_before_its_invoice_is_confirmed_by_who_may(line: Line) -> None:
    made = line.ok("invoices", "new", "--customer", "C1", "--line", "GAS,1", "--post")["number"]
    words = ("invoices", "credit", made, "--reason", "leaked", "--on", "2026-01-05")
    said = line.refused(*words)
    assert f"before {made} of" in said
    assert "--allow-date" in said
    line.ok(*words, "--allow-date")


def test_a_draft_dated_anew_says_what_the_rates_of_its_day_make_of_it(line: Line) -> None:
    today = shop_days.today()
    before, since = today - timedelta(days=60), today - timedelta(days=30)
    with bootstrap.central(line.home) as centre, centre.database.write() as connection:
        org_id = centre.organisation().org_id
        connection.execute(
            text("INSERT INTO tax_code (org_id, code, name, treatment) VALUES (:org, 'T', 'T', 'exclusive')"),
            {"org": org_id},
        )
        rates.put_tax_rate(connection, org_id, "T", from_date(before), 1400)
        rates.put_tax_rate(connection, org_id, "T", from_date(since), 1600)
    key = line.ok("invoices", "new", "--customer", "C1", "--line", "GAS,1,3000.00,,,T", "--terms", "365")[
        "draft"
    ]
    said = line.say("invoices", "edit", key, "--on", before.isoformat(), by="ACC").stdout
    assert f"The rates of {before} hold: the total was 3480.00 KES, it is 3420.00 KES." in said
    with bootstrap.central(line.home) as centre, centre.database.write() as connection:
        rates.put_tax_rate(connection, org_id, "T", from_date(before), 1000)
    said = line.say("invoices", "post", key, by="ACC").stdout
    assert f"The rates of {before} hold: the total was 3420.00 KES, it is 3300.00 KES." in said


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-03-04", 20260304),
        ("20260304", 20260304),
        ("2026-03-04 10:00", 20260304),
        ("2026-03-04T23:30:00", 20260304),
        ("2026-03-04T23:30:00Z", 20260305),
        ("2026-03-04T23:30:00+03:00", 20260304),
        ("2026-W10-3", 20260304),
    ],
)
def test_invoices_take_the_dates_that_sales_take(written: str, day: int) -> None:
    assert day_or_moment(written, "The date", "Africa/Nairobi") == day


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--customer", "C1"], "This invoice has no lines; add at least one."),
        (["--customer", "C9", "--line", "GAS,1"], "There is nobody “C9” here; “bohari parties list”"),
        (["--customer", "C1", "--line", "GAS"], "Line 1 “GAS” has the wrong form; write sku,quantity"),
        (["--customer", "C1", "--line", "GAS,many"], "Line 1: The quantity “many” is not a number"),
        (["--customer", "C1", "--line", "GAS,1,1.0000005"], "Line 1: The price 1.0000005 has more decimals"),
        (["--customer", "C1", "--line", "GAS,1,-5"], "The price of “Gas 13 kg” is negative"),
        (["--customer", "C1", "--line", "GAS,1000000,100000000000.00"], "cannot be right"),
        (["--customer", "C1", "--line", "GAS,1", "--on", "1970-01-01"], "in the year 1970; check the date."),
        (["--customer", "C1", "--line", "GAS,1", "--on", "2099-01-01"], "in the year 2099; check the date."),
        (["--customer", "C1", "--line", "GAS,1", "--on", "yesterday"], "--on “yesterday” is not a date"),
        (["--customer", "C1", "--line", "GAS,1", "--due", "2099-01-01"], "in the year 2099; check the date."),
        (["--customer", "C1", "--line", "GAS,1,5", "--currency", "USD", "--rate", "0"], "more than zero"),
        (["--customer", "C1", "--line", "GAS,1,5", "--currency", "USD", "--rate", "1000000000"], "be right"),
        (["--customer", "C1", "--line", "GAS,1,5", "--currency", "USD"], "Nobody said what USD is worth"),
        (["--customer", "C1", "--line", "GAS,1", "--business", "X"], "There is no business “X”"),
    ],
)
def test_bad_invoices_are_a_sentence_each(line: Line, words: list[str], sentence: str) -> None:
    assert sentence in line.refused("invoices", "new", "--post", *words)


def test_who_acts_is_somebody_with_a_pin_and_the_right(line: Line) -> None:
    words = ("invoices", "new", "--customer", "C1", "--line", "GAS,1")
    assert line.refused(*words, by="AUD") == "Aud may not write invoices here; ask the owner."
    assert "There is nobody “NIX” here" in line.refused(*words, by="NIX")
    before = line.counts()
    none = line.run(*words, by="ACC", pin="")
    assert (none.code, none.values["code"]) == (1, "pin-not-given")
    wrong = line.run(*words, by="AUD", pin="0000")
    assert (wrong.code, wrong.values["code"]) == (1, "pin-wrong")
    assert line.counts() == before
    with bootstrap.central(line.home) as centre, centre.database.read() as connection:
        (entry,) = audit.read(connection, centre.organisation().org_id, action="sign_in_failed", most=9)
    assert entry.person == "Aud"


HEAD = "number,customer,date,sku,quantity,unit_price,subtotal,tax_total,total,due\n"


def test_an_invoice_whose_tax_was_rounded_line_by_line_is_taken_and_posted_as_issued(
    line: Line, tmp_path: Path
) -> None:
    file = tmp_path / "issued.csv"
    file.write_text(
        HEAD
        # Of 16 % in 0.10 three times: 0.01 each by itself, 0.04 of the sum.
        + "PER-1,C1,2026-10-01T09:30:00+03:00,GAS,1,0.10,0.27,0.03,0.30,2026-10-31 12:00\n"
        + "PER-1,C1,,GAS,1,0.10,,,,\nPER-1,C1,,GAS,1,0.10,,,,\n"
        # A moment of the next day here, and one unit a line more than any rounding gives.
        + "PER-2,C1,2026-10-01 22:30+00:00,GAS,1,23.20,19.99,3.21,23.20,\n"
        # Two units a line are no rounding.
        + "PER-3,C1,2026-10-02,GAS,1,23.20,19.98,3.22,23.20,\n"
        # What is inside the price cannot be more than the price.
        + "PER-4,C1,2026-10-02,GAS,1,23.20,20.00,3.21,23.21,\n"
    )
    done = line.ok("import", "invoices", file)
    assert (done["imported"], [one["row"] for one in done["reasons"]]) == (2, [6, 7])
    assert line.ok("invoices", "validate", by="")["faults"] == []
    assert line.ok("import", "invoices", file)["known"] == 2
    posted = [line.ok("invoices", "post", number)["documents"][0] for number in ("PER-1", "PER-2")]
    assert [one["total"] for one in posted] == ["0.30", "23.20"]
    with bootstrap.central(line.home) as centre, centre.database.read() as connection:
        found = connection.execute(
            text(
                "SELECT tax_total, occurred_at FROM document WHERE kind = 'invoice' ORDER BY document_id DESC"
            )
        ).all()
    assert [row[0] for row in found[:2]] == [3_21, 3]
    assert [f"{row[1]:%Y-%m-%d}" for row in found[:2]] == ["2026-10-02", "2026-10-01"]


def test_imported_invoices_are_judged_filled_in_and_posted(line: Line, tmp_path: Path) -> None:
    file = tmp_path / "old.csv"
    file.write_text(
        HEAD
        + "OLD-1,C1,2026-10-01,GAS,2,2320.00,4000.00,640.00,4640.00,2026-10-31\n"
        + "OLD-2,C1,2026-10-02,GAS,1,2320.00,,,,\n"
        + "OLD-2,C1,2026-10-02,REFILL,3,100.00,,,,\n"
        + "OLD-3,C1,2026-10-03,GAS,1,2320.00,2000.00,320.00,2321.00,\n"
        + "OLD-4,C9,2026-10-03,GAS,1,2320.00,,,,\n"
        + "OLD-5,C1,1970-01-01,GAS,1,2320.00,,,,\n"
        + "OLD-6,C1,2099-01-01,GAS,1,2320.00,,,,\n"
        + "OLD-7,C1,2026-10-03,NONE,1,1.00,,,,\n"
        + "OLD-8,C1,2026-10-03,GAS,1,2320.00,,,,\n"
        + "OLD-8,V1,2026-10-03,GAS,1,2320.00,,,,\n"
        + "OLD-9,C1,2026-10-03,GAS,1,2320.00\n"
    )
    strict = line.run("import", "invoices", file, "--strict", by="ACC")
    assert (strict.code, strict.values["imported"]) == (1, 0)
    assert line.ok("invoices", "list", by="")["drafts"] == []
    done = line.ok("import", "invoices", file)
    assert (done["imported"], done["without_totals"]) == (2, 1)
    reasons = {one["row"]: one["reason"] for one in done["reasons"]}
    assert sorted(reasons) == [5, 6, 7, 8, 9, 11, 12]
    assert reasons[5] == (
        "Its totals do not add up: net 2000.00 KES, tax 320.00 KES, total 2321.00 KES, but its lines give"
        " net 2000.00 KES, tax 320.00 KES, total 2320.00 KES."
    )
    for row, words in (
        (6, "nobody “C9”"),
        (7, "1970"),
        (8, "2099"),
        (9, "no product"),
        (11, "another value"),
    ):
        assert words in reasons[row]
    again = line.ok("import", "invoices", file)
    assert (again["imported"], again["known"]) == (0, 2)
    changed = tmp_path / "changed.csv"
    changed.write_text(HEAD + "OLD-1,C1,2026-10-01,GAS,3,2320.00,,,,2026-10-31\n")
    refused = line.run("import", "invoices", changed, by="ACC")
    # Nothing of it was taken: that is not well.
    assert (refused.code, refused.values["ok"]) == (1, False)
    assert "with another content" in refused.values["reasons"][0]["reason"]

    judged = line.run("invoices", "validate")
    assert judged.code == 1
    assert [one["number"] for one in judged.values["faults"]] == ["OLD-2"]
    assert "It has no totals" in judged.stderr
    assert "has no totals" in line.run("invoices", "post", "OLD-2", by="ACC").values["refused"][0]["reason"]
    filled = line.ok("invoices", "populate")["filled"]
    assert [(one["imported_as"], one["total"]) for one in filled] == [("OLD-2", "2620.00")]
    assert line.ok("invoices", "populate")["count"] == 0
    assert line.ok("invoices", "validate", by="")["faults"] == []
    assert line.ok("import", "invoices", file)["known"] == 2
    posted = line.ok("invoices", "post", "--all")
    assert [one["total"] for one in posted["documents"]] == ["4640.00", "2620.00"]
    assert line.ok("import", "invoices", file)["known"] == 2
    with bootstrap.central(line.home) as centre, centre.database.read() as connection:
        (entry,) = audit.read(connection, centre.organisation().org_id, action="invoice.populate", most=9)
    assert (entry.person, entry.subject) == ("Acc", "invoice OLD-2")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["invoices", "post"], "Name the drafts, or say --all."),
        (["invoices", "post", "ffff0000"], "No draft of invoice is “ffff0000”"),
        (
            ["invoices", "credit", "M1000000-I009999", "--reason", "x"],
            "There is no document M1000000-I009999",
        ),
        (["invoices", "credit", "nonsense", "--reason", "x"], "is not a receipt number"),
        (["invoices", "write-off", "V1", "--reason", "x"], "Nothing is open of this party in KES."),
        (["invoices", "edit", "12", "--terms", "5"], "No draft of invoice"),
        (["import", "invoices", "/nowhere.csv"], "cannot be read"),
    ],
)
def test_what_is_not_there_is_a_sentence(line: Line, words: list[str], sentence: str) -> None:
    assert sentence in line.refused(*words)
