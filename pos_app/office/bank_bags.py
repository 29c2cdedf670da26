"""Bags of cash on their way to the bank, and what the bank says of them: a person, or its statement."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from pos_app.ledger.bank_bag import bag_number
from pos_app.ledger.currency import Currency
from pos_app.ledger.currency import currency as find_currency
from pos_app.ledger.document import Document
from pos_app.ledger.errors import Refused
from pos_app.ledger.making import treasury as making_treasury
from pos_app.ledger.money import parse_money
from pos_app.ledger.numbering import printed_number
from pos_app.office.books import Books, PostingDetails
from pos_app.office.office import Office
from pos_app.store.documents import bank_bags
from pos_app.store.documents.bank_bags import Bag
from pos_app.store.report_queries import chart_of_accounts
from pos_app.store.report_queries.chart_of_accounts import Named
from pos_app.store.stock.recorded import Recorded


class OnItsWay(NamedTuple):
    """A bag that nobody has said the bank has, its printed number, and the two who counted it."""

    bag: Bag
    number: str
    counted_by: tuple[str, str]

    @property
    def name(self) -> str:
        """The number that is printed on the bag."""
        return self.bag.bag.bag


def on_their_way(office: Office) -> list[OnItsWay]:
    """Oldest first."""
    with office.database.read() as connection:
        people = chart_of_accounts.people(connection, office.org_id)
        found = bank_bags.on_their_way(connection, office.org_id)
    return [_shown(one, people) for one in found]


def waiting(books: Books) -> list[Bag]:
    """Those on their way, inside a transaction."""
    return bank_bags.on_their_way(books.connection, books.org_id)


def _shown(left: Bag, people: dict[int, Named]) -> OnItsWay:
    bag = left.bag
    number = printed_number(left.number_prefix, bag.terminal_no, bag.series, bag.number)
    both = (people.get(key or 0) for key in (bag.person_id, bag.approver_id))
    first, second = ("" if one is None else one.name for one in both)
    return OnItsWay(left, number, (first, second))


def bank(
    office: Office,
    name: str,
    arrived: int | None,
    occasion: PostingDetails | None = None,
    *,
    reference: str = "",
    reason: str = "",
) -> Recorded:
    """The bank has a bag (by the number on it, or its printed one); `arrived` in minor units (None: all).

    Raises `Refused` for a bag that is not on its way, and for another sum without a reason.
    """
    occasion = occasion or PostingDetails()

    def build(books: Books) -> Document:
        bag = _find(books, name).bag
        # It arrives where it left: in the bag's business, currency and at its rate.
        there = replace(occasion, currency="", rate_micro=None)
        head = books.head_fields(there, depot_id=bag.depot_id, business_id=bag.business_id)
        head |= {"currency": bag.currency, "rate_micro": bag.rate_micro, "business_id": bag.business_id}
        return making_treasury.bag_banked(
            head,
            books.accounts(bag.business_id),
            bag,
            bag.amount if arrived is None else arrived,
            reference=reference,
            reason=reason,
        )

    return office.record(occasion, build)


def currency_of(office: Office, name: str) -> Currency:
    """In which currency a bag is; ours for one that is not on its way: it may be recorded already.

    Raises `Refused` for a number that several bags have.
    """
    with office.read() as books:
        found = _named(books, name)
        return find_currency(found[0].bag.currency) if found else books.organisation.currency


def _find(books: Books, name: str) -> Bag:
    found = _named(books, name)
    if not found:
        raise Refused("bag-not-on-its-way", bag=name[:40])
    return found[0]


def _named(books: Books, name: str) -> list[Bag]:
    """The bag on its way with this number, or none.  Raises `Refused` for a number of several."""
    waiting = bank_bags.on_their_way(books.connection, books.org_id)
    wanted = bag_number(name)
    found = [one for one in waiting if wanted in (one.bag.bag, _shown(one, {}).number.upper())]
    if len(found) > 1:
        raise Refused("bag-number-of-several", bag=name[:40])
    return found


class StatementLine(NamedTuple):
    """A line of a statement: the bag that the bank names, how much, and its own reference."""

    bag: str
    amount: str
    reference: str


class Taken(NamedTuple):
    """What became of a line of a statement: the document that banked its bag, or why there is none."""

    line: StatementLine
    number: str
    refused: str


def take_statement(office: Office, lines: Sequence[StatementLine]) -> list[Taken]:
    """Every bag that a statement names is banked, each by itself: one that is wrong keeps none of the others.

    A sum that differs is taken as over or short, with the statement as its reason.
    """
    taken = []
    for one in lines:
        try:
            with office.read() as books:
                bag = _find(books, one.bag).bag
            arrived = parse_money(one.amount, find_currency(bag.currency))
            why = "" if arrived == bag.amount else f"statement {one.reference}".strip()
            made = bank(office, one.bag, arrived, reference=one.reference, reason=why)
            taken.append(Taken(one, made.number, ""))
        except Refused as error:
            taken.append(Taken(one, "", str(error)))
    return taken
