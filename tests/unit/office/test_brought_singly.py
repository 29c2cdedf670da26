"""Units, vendors, promotions and counts of stock in files: what is exported and comes again changes nothing,
what is other is changed by the rules of the form, and what is refused leaves nothing of itself.
"""

from pathlib import Path

import pytest

from pos_app.files.sheet_writer import write_sheet
from pos_app.language import Sentence
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole
from pos_app.ledger.pricing.rules import OfferKind
from pos_app.office import bills, waiting_work
from pos_app.office.bills import Cost
from pos_app.office.bringing import singly, stock_counts
from pos_app.office.bringing.outcome import Outcome, never, strictly
from pos_app.office.masters import parties, promotions, units
from pos_app.office.masters.promotions import Of, Off, Said
from pos_app.office.office import Office
from pos_app.store.tables.projections import STOCK_LEVEL
from tests.support.refused import refused
from tests.support.worlds.office_fixture import ONE, Desk

NOUNS = tuple(singly.NOUNS)


def codes(outcome: Outcome) -> list[tuple[int, str]]:
    return [
        (one.row, one.reason.code if isinstance(one.reason, Sentence) else str(one.reason))
        for one in outcome.refused
    ]


def level(desk: Desk, product_id: int) -> int:
    return desk.balance(STOCK_LEVEL, location_id=1, product_id=product_id)["quantity"]


def brought(office: Office, noun: str, file: Path, *lines: str) -> Outcome:
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return singly.bring(office, noun, file)


@pytest.fixture
def office(desk: Desk) -> Office:
    """A shop with a unit of its own, a vendor at an address of two lines, and promotions of every kind."""
    office = desk.as_("OWNER")
    units.add(office, "TRAY", units.Said("tray", "tray", "trei", "0", "30 pc"))
    parties.add_party(
        office, "=GAS", "=Gas | Co", [parties.RoleTerms(PartyRole.VENDOR, 14)],
        parties.Particulars("0722 1", "Ngong Road\nNairobi", "P051234567X"),
    )  # fmt: skip
    for code, off, goods in (
        ("PCT", Off(OfferKind.PERCENT, percent_bp=12_50), [Of("GAS"), Of("HOSE")]),
        ("OFF", Off(OfferKind.AMOUNT, amount=5_00), [Of("GAS")]),
        ("3FOR2", Off(OfferKind.N_FOR_M, take=3, pay=2), [Of("HOSE")]),
        ("BOTH", Off(OfferKind.BUNDLE, amount=10_00), [Of("GAS", 2 * ONE), Of("HOSE")]),
    ):
        promotions.add(office, code, Said(f"{code} of May", off, goods, days=5, hours=(540, 600)))
    promotions.archive(office, "OFF")
    return office


def test_what_is_exported_and_comes_again_changes_nothing(office: Office, tmp_path: Path) -> None:
    for noun in NOUNS:
        first: list[list[str]] = []
        for ending in ("csv", "xlsx"):
            file, cells = tmp_path / f"{noun}.{ending}", list(singly.rows(office, noun))
            count = write_sheet(file, singly.NOUNS[noun].names, cells)
            outcome = singly.bring(office, noun, file, keeps=strictly)
            told = (codes(outcome), outcome.imported, outcome.unchanged, outcome.is_kept)
            assert told == ([], count, count, True), (noun, ending)
            assert cells == (first := first or cells)
        assert len(first) > 2


def test_units_of_a_file_may_speak_of_one_that_stands_below(office: Office, tmp_path: Path) -> None:
    lines = (
        "code,word,name,is",
        "STACK,stack,Stack,40 slab",
        "SLAB,slab,Slab,24 pc",
        "LOOP,loop,Loop,2 loop",
    )
    outcome = brought(office, "units", tmp_path / "u.csv", *lines)
    assert (outcome.added, codes(outcome)) == (2, [(4, "unit-unknown")])
    assert units.so_much(units.show(office, "STACK").unit, units.all_known(office)) == "40 slab"
    # In a circle: the second of two rows that want each other is refused, and the first stands.
    outcome = brought(office, "units", tmp_path / "u.csv", "code,is", "SLAB,40 stack", "STACK,")
    assert codes(outcome) == []
    outcome = brought(office, "units", tmp_path / "u.csv", "code,is", "STACK,2 slab")
    assert codes(outcome) == [(2, "unit-conversion-circle")]
    outcome = brought(office, "units", tmp_path / "u.csv", "code,active", "TRAY,no", "TRAY,yes", ",yes")
    assert (outcome.imported, codes(outcome)) == (1, [(3, "row-twice"), (4, "value-missing")])
    assert not units.show(office, "TRAY").unit.active


def test_vendors_are_added_changed_put_away_and_who_owes_stays(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "v.csv"
    outcome = brought(
        office, "vendors", file, "code,name,phone,address,terms_days,active",
        "ORYX,Oryx,0733 2,PO 7 | Mombasa,30,", "C1,,,,7,", "V1,Vee One Ltd,,,,", "NEW,,,,,", "'=GAS,,-,,x,",
    )  # fmt: skip
    assert (outcome.added, outcome.changed) == (1, 2)
    assert codes(outcome) == [(5, "party-needs"), (6, "not-a-number-of-days")]
    shown = parties.show(office, "ORYX")
    assert shown.particulars["address"] == "PO 7\nMombasa"
    assert [one.role for one in parties.show(office, "C1").party.roles] == [
        PartyRole.CUSTOMER,
        PartyRole.VENDOR,
    ]
    # A refused row leaves nothing of itself: its telephone would have been taken away.
    assert parties.show(office, "=GAS").particulars["phone"] == "0722 1"
    bills.bill(office, "V1", [Cost("Rent", 100_00, "6100")])
    outcome = brought(office, "vendors", file, "code,active", "V1,no", "ORYX,no")
    assert (outcome.changed, codes(outcome)) == (1, [(2, "party-stands-open")])


def test_promotions_are_promised_by_the_rules_of_the_form(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "p.csv"
    outcome = brought(
        office, "promotions", file, "code,name,kind,amount,products,until",
        "JUNE,June,percent,10,GAS | HOSE,2099-06-30", "BAD,Bad,percent,101,GAS,",
    )  # fmt: skip
    assert (outcome.added, codes(outcome)) == (1, [(3, "promotion-percent-implausible")])
    outcome = brought(office, "promotions", file, "code,amount,active", "PCT,20,yes", "BOTH,999999,")
    assert (outcome.changed, codes(outcome)) == (1, [(3, "promotion-bundle-not-cheaper")])
    outcome = brought(office, "promotions", file, "code,active", "OFF,yes", "3FOR2,no")
    assert (outcome.changed, codes(outcome)) == (2, [])
    assert promotions.show(office, "PCT").row.promotion.percent_bp == 20_00
    assert promotions.show(office, "OFF").row.ended_us is None
    assert promotions.show(office, "3FOR2").row.ended_us is not None


def test_nothing_stays_of_what_is_only_tried_and_nobody_may_who_may_not(
    desk: Desk, office: Office, tmp_path: Path
) -> None:
    file = tmp_path / "u.csv"
    file.write_text("code,word,name\nBALE,bale,Bale\n")
    assert not singly.bring(office, "units", file, keeps=never).is_kept
    with refused("unit-unknown"):
        units.show(office, "BALE")
    with refused("person-may-not-here"):
        singly.bring(desk.as_("AUD"), "units", file)
    with refused("csv-says-nothing"):
        brought(office, "units", file, "code", "BALE")


def test_a_count_is_recorded_once_whole_or_not_at_all(desk: Desk, tmp_path: Path) -> None:
    office, file = desk.as_("MGR"), tmp_path / "count.csv"
    place = waiting_work.places(office)[0][0]
    file.write_text("sku,quantity,name\nGAS,7,Gas\nhose,2.5,\nGAS,1,\n")
    outcome = stock_counts.bring(office, place, file)
    assert (codes(outcome), outcome.is_kept, level(desk, 1)) == ([(4, "product-counted-twice")], False, 0)
    file.write_text("sku,quantity,name\nGAS,7,Gas\nhose,2,\n")
    assert (stock_counts.bring(office, place, file, keeps=never).changed, level(desk, 1)) == (2, 0)
    first = stock_counts.bring(office, place, file)
    assert (first.is_kept, first.changed, level(desk, 1), level(desk, 2)) == (True, 2, 7 * ONE, 2 * ONE)
    again = stock_counts.bring(office, place, file)
    assert (again.unchanged, [one.code for one in again.notes if isinstance(one, Sentence)]) == (
        2, ["count-brought-already"],
    )  # fmt: skip
    # As the books have it, it changes nothing.
    write_sheet(file, stock_counts.COLUMNS, stock_counts.rows(office, place))
    same = stock_counts.bring(office, place, file)
    assert (same.imported, same.unchanged, codes(same)) == (2, 2, [])
    for quantity, code in (("-1", "count-with-sign"), ("many", "not-a-number"), ("", "not-a-number")):
        file.write_text(f"sku,quantity\nGAS,{quantity}\n")
        assert [one[1] for one in codes(stock_counts.bring(office, place, file))] == [code], quantity
    with pytest.raises(Refused):
        stock_counts.bring(office, "NOWHERE", file)
