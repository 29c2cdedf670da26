"""What the bank says of a bag: by a person, by its statement, once, with what it found more or less."""

import functools
from typing import Any

import msgspec
import pytest

from pos_app.ledger.document import Document
from pos_app.office import bank_bags
from pos_app.office.bank_bags import StatementLine
from pos_app.office.books import Books, PostingDetails
from pos_app.office.voids import void
from tests.support.refused import refused
from tests.support.worlds.bags import leave
from tests.support.worlds.office_fixture import Desk

TRANSIT, BANK, OVER_SHORT = "1152", "1170", "6900"


def _as_told(draft: Document, _books: Books) -> Document:
    return draft


@pytest.fixture(autouse=True)
def _money(desk: Desk) -> None:
    desk.fill_safe(10_000_00)


def test_the_bank_has_it(desk: Desk) -> None:
    bag = leave(desk.office, "KCB 1")
    assert [one.name for one in bank_bags.on_their_way(desk.office)] == ["KCB1"]
    made = bank_bags.bank(desk.office, " kcb1", None, reference="slip 9")
    assert (desk.account(TRANSIT), desk.account(BANK), desk.account(OVER_SHORT)) == (0, 500_00, 0)
    assert bank_bags.on_their_way(desk.office) == []
    with refused("bag-not-on-its-way"):
        bank_bags.bank(desk.office, "KCB1", None)
    # A bag that arrived is not voided before its arrival is.
    with refused("bag-banked-before"):
        void(desk.office, bag.document_id, "never left")
    void(desk.office, made.document_id, "another bag")
    assert [one.number for one in bank_bags.on_their_way(desk.office)] == [bag.number]
    # By the number of its slip too.
    bank_bags.bank(desk.office, bag.number, 499_00, reason="a torn note")
    assert (desk.account(TRANSIT), desk.account(BANK), desk.account(OVER_SHORT)) == (0, 499_00, 1_00)
    assert desk.is_whole()


def test_a_bag_arrives_once_and_as_it_left(desk: Desk) -> None:
    bag = leave(desk.office, "A")
    with refused("reason-missing"):
        bank_bags.bank(desk.office, "A", 400_00)
    made = bank_bags.bank(desk.office, "A", None).document
    for changes, code in (
        ({}, "bag-banked-before"),
        ({"amount": 1, "arrived": 1}, "bag-not-in-books"),
        ({"bag": "B"}, "bag-not-in-books"),
        ({"bag_id": 77}, "bag-not-in-books"),
        ({"business_id": 2}, "bag-of-other-money"),
    ):
        told: dict[str, Any] = {"request_id": "", "number": 0} | changes
        again = functools.partial(_as_told, msgspec.structs.replace(made, **told))
        with refused(code):
            desk.office.record(PostingDetails(), again)
    assert bag.number


def test_a_statement_banks_what_it_names(desk: Desk) -> None:
    for name in ("A", "B", "C"):
        leave(desk.office, name)
    taken = bank_bags.take_statement(
        desk.office,
        [
            StatementLine("a", "500.00", "S1"),
            StatementLine("B", "480.50", "S2"),
            StatementLine("X", "500.00", "S3"),
            StatementLine("C", "lots", "S4"),
            StatementLine("A", "500.00", "S5"),
        ],
    )
    assert [bool(one.number) for one in taken] == [True, True, False, False, False]
    assert all(one.refused for one in taken[2:])
    assert [one.name for one in bank_bags.on_their_way(desk.office)] == ["C"]
    assert (desk.account(TRANSIT), desk.account(BANK)) == (500_00, 980_50)
    assert desk.account(OVER_SHORT) == 19_50
