"""Bags for the bank in the office: those on their way, and what the bank says of one."""

from typing import Final

from pos_app.language import web_words
from pos_app.ledger.day import day_of, to_date
from pos_app.ledger.permission import Permission
from pos_app.office import bank_bags
from pos_app.office.office import Office
from pos_app.reports.model.report import CellKind
from pos_app.web.masters.declaration import Field, Kind
from pos_app.web.work import reading
from pos_app.web.work.declaration import (
    Done,
    Heading,
    Line,
    Sought,
    To,
    Told,
    WorkForm,
    WorkList,
    laid_out,
    worth,
)
from pos_app.web.work.invoices import WORDS


def _bags(office: Office, sought: Sought) -> list[Line]:
    base = office.organisation.currency
    lines = [
        Line(
            (
                one.name,
                one.number,
                to_date(day_of(one.bag.bag.occurred_at, office.organisation.time_zone)),
                ", ".join(one.counted_by),
                worth(one.bag.bag.amount, one.bag.bag.currency, base),
            ),
            To("/bags/banked", {"bag": one.name}),
            one.number,
        )
        for one in bank_bags.on_their_way(office)
    ]
    return laid_out(lines, sought)


BAGS: Final = WorkList(
    path="bags",
    words=web_words("Bags on their way to the bank"),
    hint=web_words("Cash that left a safe, counted by two, until the bank says that it has it."),
    sees=(Permission.SEE_REPORTS,),
    headings=(
        Heading(web_words("Bag"), sorts=True),
        Heading(web_words("Number"), sorts=True),
        Heading(web_words("Day"), CellKind.DATE, sorts=True),
        Heading(web_words("Counted by")),
        Heading(web_words("Amount"), CellKind.MONEY, sorts=True),
    ),
    filters=(WORDS,),
    read=_bags,
    forms=("bags/banked",),
)


def _banked(office: Office, told: Told) -> Done:
    bag, amount = told.get("bag"), told.get("arrived")
    money = bank_bags.currency_of(office, bag)
    made = bank_bags.bank(
        office,
        bag,
        reading.amount(amount, money) if amount else None,
        reading.occasion(office, told),
        reference=told.get("reference"),
        reason=told.get("reason"),
    )
    return reading.made(made.document_id)


BANKED: Final = WorkForm(
    path="bags/banked",
    words=web_words("The bank has a bag"),
    hint=web_words("What the bank found more or less than lay in it is over or short."),
    needs=(Permission.MOVE_MONEY,),
    fields=(
        Field(
            "bag",
            web_words("Number on the bag"),
            needed=True,
            codes=("bag-not-on-its-way", "bag-number-of-several"),
        ),
        Field(
            "arrived",
            web_words("What the bank found in it"),
            Kind.NUMBER,
            hint=web_words("Nothing is all of it."),
            codes=("not-a-number", "amount-too-fine", "amount-too-large", "amount-out-of-range"),
        ),
        Field("reason", web_words("Why it is another sum"), codes=("reason-missing",)),
        reading.REFERENCE,
        reading.ON,
        reading.NOTE,
        reading.IS_DATED,
    ),
    begins=lambda _office, asked: ({"bag": asked.get("bag", "")}, ()),
    do=_banked,
)
