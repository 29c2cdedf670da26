"""The paper of things that customers leave: the slip that they take home, and the tags on the things.

The slip and every tag carry a barcode that finds the order again; a tag that was on the things before keeps
its own.
"""

from typing import Final

from pos_app.devices.paper import Barcode, Block, Columns, Cut, Paper, Rule, Space, Text, WidthChars
from pos_app.language import printed
from pos_app.ledger.currency import Currency
from pos_app.ledger.day import to_date
from pos_app.ledger.document import ServiceOrder, ServiceStep
from pos_app.ledger.money import grouped_text
from pos_app.ledger.price import price_text
from pos_app.ledger.quantity import ONE, quantity_text
from pos_app.ledger.service_orders import ServiceLine
from pos_app.reports.slips.letterhead import Names

#: More pieces than this get one tag a line: nobody pins three hundred napkins one by one.
_MOST_TAGS: Final = 60


def service_slip(document: ServiceOrder | ServiceStep, money: Currency, names: Names) -> list[Block]:
    """The body of the customer's paper."""
    if isinstance(document, ServiceOrder):
        return _taken_in(document, money)
    blocks: list[Block] = []
    for line in document.lines:
        blocks.append(
            Columns(
                line.description or names.goods(line.product_id).name,
                quantity_text(line.quantity),
            )
        )
    return [
        *blocks,
        *([Text(printed("Reason: {reason}", reason=document.reason))] if document.reason else []),
    ]


def _taken_in(document: ServiceOrder, money: Currency) -> list[Block]:
    blocks: list[Block] = [Columns(printed("For"), document.customer_name)] if document.customer_name else []
    blocks.append(Text(printed("Amounts in {currency}", currency=money.code), "right"))
    for line in document.lines:
        amount = grouped_text(line.gross if line.tax_inclusive else line.extended, money)
        price = price_text(line.price, money)
        blocks.append(Columns(line.description, amount))
        blocks.append(Text(f"  {quantity_text(line.quantity)} {line.unit} × {price}  {line.tax_code}"))
        if line.promotion:
            blocks.append(Columns(f"  {line.promotion}", grouped_text(-line.discount, money)))
        if line.note:
            blocks.append(Text(f"  {line.note}"))
    blocks += [
        Rule(),
        Columns(
            printed("To pay {currency}", currency=money.code),
            grouped_text(document.total, money),
            bold=True,
            size=2,
        ),
        Columns(printed("Promised for"), _day(document.promised_on), bold=True),
    ]
    if document.tag:
        blocks.append(Columns(printed("Tag"), document.tag))
    return blocks


def garment_tags(document: ServiceOrder, number: str, customer: str, width: WidthChars = 42) -> Paper:
    """One tag for each piece, one after the other with a cut between; what is weighed has one.

    `number` is the order's as printed, `customer` whose things they are.
    """
    tags: list[tuple[ServiceLine, str]] = []
    for line in document.lines:
        pieces = line.quantity // ONE if line.unit == "pc" and line.quantity % ONE == 0 else 1
        tags += [
            (line, printed("{count} of {all}", count=piece, all=pieces) if pieces > 1 else "")
            for piece in range(1, pieces + 1)
        ]
    if len(tags) > _MOST_TAGS:
        tags = [(line, f"{quantity_text(line.quantity)} {line.unit}") for line in document.lines]
    blocks: list[Block] = []
    for line, place in tags:
        blocks += _tag(document, line, place, (document.tag or number, number, customer))
    return Paper(width, tuple(blocks))


def _place(piece: int, pieces: int) -> str:
    return printed("{count} of {all}", count=piece, all=pieces) if pieces > 1 else ""


def _tag(document: ServiceOrder, line: ServiceLine, place: str, names: tuple[str, str, str]) -> list[Block]:
    tag, number, customer = names
    blocks: list[Block] = [Text(tag, "centre", bold=True, size=2), Barcode(tag)]
    if tag != number:
        blocks.append(Text(number, "centre"))
    if customer:
        blocks.append(Text(customer, "centre"))
    blocks.append(Columns(line.description, place))
    if line.note:
        blocks.append(Text(line.note))
    return [*blocks, Columns(printed("Promised for"), _day(document.promised_on)), Space(), Cut()]


def _day(day: int) -> str:
    return to_date(day).strftime("%d.%m.%Y")
