"""A bank's statement: read from camt.053 whatever its version, each line once, and what a line may be."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_app.files import camt053
from pos_app.ledger.errors import BohariError
from pos_app.payments.bank_statement import (
    Bag,
    Claim,
    Kind,
    Movement,
    Told,
    proposals,
    the_sure_one,
    unknown,
)
from tests.support.camt import Entry, camt
from tests.support.refused import refused

DAY = 20261120


def written(folder: Path, content: bytes) -> Path:
    path = folder / "statement.xml"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("version", ["02", "04", "08", "14"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_every_version_and_encoding_says_the_same(tmp_path: Path, version: str, encoding: str) -> None:
    entries = [
        Entry("1250.00", reference="K3-I000012", payer="Café Njoroge & Sons", words="rent, please"),
        Entry("-80.5", bank="FT9", words="charges"),
    ]
    head = f'<?xml version="1.0" encoding="{encoding}"?>'
    told = head + camt("KE00 1234 5678", entries, opening="100.00", version=version)
    (found,) = camt053.read(written(tmp_path, told.encode(encoding)))
    assert (found.number, found.currency) == ("KE00 1234 5678", "KES")
    assert (found.opening, found.closing, found.closing_day) == (100_00, 1269_50, DAY)
    assert found.lines == [
        Told(DAY, 1250_00, DAY, "", "K3-I000012", "Café Njoroge & Sons", "rent, please"),
        Told(DAY, -80_50, DAY, "FT9", "", "", "charges"),
    ]


def test_what_is_not_booked_is_no_line_yet(tmp_path: Path) -> None:
    told = camt("1", [Entry("5.00"), Entry("7.00", state="PDNG")], closing="5.00", opening="0.00")
    assert [one.amount for one in camt053.read(written(tmp_path, told.encode()))[0].lines] == [5_00]


WHOLE = camt("1", [Entry("5.00"), Entry("7.00")], opening="0.00")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (WHOLE.replace('<Amt Ccy="KES">7.00', '<Amt Ccy="KES">8.00'), "statement-does-not-add-up"),
        (WHOLE.replace('Ccy="KES">7.00', 'Ccy="USD">7.00'), "statement-of-several-currencies"),
        (WHOLE[: len(WHOLE) // 2], "statement-not-camt"),
        (WHOLE.replace("camt.053", "camt.054"), "statement-not-camt"),
        (WHOLE.replace("7.00", "1e3"), "statement-not-camt"),
        (WHOLE.replace("2026-11-20", "20.11.2026"), "statement-not-camt"),
        (WHOLE.replace("CRDT", "BOTH"), "statement-not-camt"),
        ('<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a/>', "statement-not-camt"),
        ("<Document/>", "statement-not-camt"),
        ("", "statement-not-camt"),
        ("date,amount\n2026-11-20,5", "statement-not-camt"),
    ],
)
def test_what_is_no_whole_statement_is_refused(tmp_path: Path, content: str, code: str) -> None:
    with refused(code):
        camt053.read(written(tmp_path, content.encode()))


@settings(max_examples=60)
@given(st.binary(max_size=400))
def test_no_bytes_make_it_fall_over(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.xml"
    path.write_bytes(content)
    with pytest.raises(BohariError):
        camt053.read(path)


# --- each line once ---------------------------------------------------------------------------------------

LINES = st.lists(
    st.tuples(st.sampled_from([DAY, DAY + 1]), st.sampled_from([500, -500, 700])).map(lambda two: Told(*two)),
    max_size=8,
)


@settings(max_examples=200)
@given(LINES, LINES)
def test_a_line_is_taken_in_as_often_as_the_fullest_file_has_it(
    first: list[Told], second: list[Told]
) -> None:
    known: list[Told] = []
    for file in (first, second, first, second):
        known += unknown(known, file)
    assert Counter(known) == Counter(first) | Counter(second)


def test_the_same_line_twice_in_one_file_is_two_and_the_file_again_is_none() -> None:
    twice = [Told(DAY, 500), Told(DAY, 500)]
    assert unknown([], twice) == twice
    assert unknown(twice, twice) == []
    assert unknown(twice[:1], twice) == twice[1:]


def test_another_reference_is_another_line_and_other_words_are_not() -> None:
    known = [Told(DAY, 500, bank_reference="FT 1", words="CAFÉ")]
    assert unknown(known, [Told(DAY, 500, bank_reference="ft-1", words="CAF?")]) == []
    assert unknown(known, [Told(DAY, 500, words="as CSV has it")]) == []
    other = Told(DAY, 500, bank_reference="FT2")
    assert unknown(known, [other]) == [other]
    # The one that is known pairs with its own, whatever stands before it.
    assert unknown(known, [Told(DAY, 500), Told(DAY, 500, bank_reference="FT1")]) == [Told(DAY, 500)]


# --- what a line may be -----------------------------------------------------------------------------------


def test_amount_and_reference_are_sure_and_amount_alone_is_not() -> None:
    line = Told(DAY, 1250_00, reference="K3 I000012", payer="NJOROGE")
    near = Movement(1, "C1-T000001", "money_transfer", DAY - 2, 1250_00)
    far = Movement(2, "C1-T000002", "money_transfer", DAY - 18, 1250_00)
    other = Movement(3, "C1-T000003", "money_transfer", DAY, 1250_01)
    named = Movement(4, "C1-P000004", "payment", DAY - 1, 1250_00, "Njoroge", ("k3-i000012",))
    found = proposals(line, [near, far, other, named])
    assert [(one.key, one.is_sure, one.days) for one in found] == [("4", True, 1), ("1", False, 2)]
    assert the_sure_one(found) == found[0]
    twin = named._replace(document_id=5, number="C1-P000005")
    assert the_sure_one(proposals(line, [named, twin])) is None


def test_what_came_may_pay_an_invoice_or_be_a_bag_and_what_went_may_not() -> None:
    claims = [
        Claim(10, "K3-I000012", "C1", "Njoroge", 1250_00),
        Claim(11, "K3-I000013", "C2", "Otieno", 1250_00),
        Claim(12, "K3-I000014", "C2", "Otieno", 9_000_00),
        Claim(13, "K3-I000015", "C2", "Otieno", 100_00),
    ]
    bags = [Bag("KCB77", 1250_00), Bag("KCB78", 600_00)]
    line = Told(DAY, 1250_00, words="deposit KCB78 / inv K3-I000014")
    found = {(one.kind, one.key): one.is_sure for one in proposals(line, [], claims, bags)}
    assert found == {
        (Kind.BAG, "KCB78"): True,
        (Kind.INVOICE, "12"): True,
        (Kind.BAG, "KCB77"): False,
        (Kind.INVOICE, "10"): False,
        (Kind.INVOICE, "11"): False,
    }
    assert proposals(line._replace(amount=-1250_00), [], claims, bags) == []


def test_a_short_reference_names_nothing() -> None:
    line = Told(DAY, 500, words="INV 12 of 2026")
    assert not proposals(line, [Movement(1, "12", "payment", DAY, 500, "", ("12", "of"))])[0].is_sure
