"""Shelf labels and price lists on paper: of which products, at whose prices."""

from datetime import date
from typing import Final, NamedTuple

from pos_app.language import printed
from pos_app.ledger.currency import Currency
from pos_app.ledger.day import to_date, zone
from pos_app.ledger.errors import Refused
from pos_app.ledger.price import parse_price, price_text
from pos_app.ledger.quantity import ONE
from pos_app.office.masters import price_lists, products
from pos_app.office.office import Office
from pos_app.reports.draw.labels import SHEETS, Label, labels_pdf
from pos_app.reports.draw.report_pdf import report_pdf
from pos_app.reports.model.period import Period
from pos_app.reports.model.report import Column, Report, Row, Section
from pos_app.store.tables.columns import micros

#: So many products, and so many labels, on one paper.
MOST: Final = 2_000


class Asked(NamedTuple):
    """Which products (their name or code, a category), and whose prices: a list's, or what they say.

    `after` is the code of the last product of the part before.
    """

    words: str = ""
    category: str = ""
    price_list: str = ""
    after: str = ""


class Priced(NamedTuple):
    """A product with its price as it is read."""

    sku: str
    name: str
    unit: str
    category: str
    price: str
    barcode: str


class Part(NamedTuple):
    """Products of one paper, and whether more come after them."""

    products: list[Priced]
    goes_on: bool


def part(office: Office, asked: Asked) -> Part:
    """The products by their codes, as many as one paper takes.  Raises `Refused` for a list that is none."""
    money = office.organisation.currency
    listed = _of_list(office, asked.price_list, money) if asked.price_list else {}
    found = products.page(
        office, asked.words, archived=False, after=asked.after, most=MOST + 1, category=asked.category
    )
    each = [
        Priced(
            one["sku"],
            one["name"],
            one["unit"],
            one["category"],
            listed.get(one["sku"]) or price_text(parse_price(one["price"], money), money),
            _scanned(one["barcode"].split("|"), one["sku"]),
        )
        for one in found[:MOST]
    ]
    return Part(each, len(found) > MOST)


def labels(office: Office, asked: Asked, sheet: str, copies: int) -> bytes:
    """Shelf labels.  Raises `Refused` for a sheet that is none and where there is nothing to print."""
    if sheet not in SHEETS:
        raise Refused("labels-sheet-unknown")
    found = part(office, asked).products
    if len(found) * copies > MOST:
        raise Refused("labels-too-many", most=MOST)
    currency = office.organisation.currency.code
    each = [
        Label(
            one.name,
            f"{currency} {one.price}",
            f"{one.sku} / {one.unit}" if one.unit else one.sku,
            one.barcode,
        )
        for one in found
        for _ in range(copies)
    ]
    return labels_pdf(each, SHEETS[sheet], f"{printed('Labels')}, {office.organisation.name}")


def price_list(office: Office, asked: Asked) -> bytes:
    """What everything costs, on A4, by category.  Raises `Refused` where there is nothing to print."""
    found = part(office, asked).products
    if not found:
        raise Refused("labels-none")
    columns = (
        Column(printed("Code")),
        Column(printed("Name"), grows=True),
        Column(printed("Unit")),
        Column(f"{printed('Price')} {office.organisation.currency.code}"),
    )
    sections = tuple(
        Section(
            category,
            columns,
            tuple(Row((one.sku, one.name, one.unit, one.price)) for one in found if one.category == category),
        )
        for category in sorted({one.category for one in found}, key=str.casefold)
    )
    called = _called(office, asked.price_list) if asked.price_list else ""
    today = _today(office)
    report = Report(
        "price-list",
        printed("Price list"),
        office.organisation.name,
        called or printed("Prices of everybody"),
        Period(None, today, zone(office.organisation.time_zone)),
        sections,
    )
    return report_pdf(report)


def _today(office: Office) -> date:
    with office.read() as books:
        return to_date(books.today)


def _called(office: Office, code: str) -> str:
    return price_lists.show(office, code).row.name


def _of_list(office: Office, code: str, money: Currency) -> dict[str, str]:
    """What a list says of one piece now, by product."""
    now_us = micros(office.clock.now())
    holding = [
        one
        for one in price_lists.show(office, code).items
        if one.from_us <= now_us and (one.to_us is None or now_us < one.to_us) and one.from_quantity <= ONE
    ]
    # Of prices from none and from one on, a till takes the second.
    holding.sort(key=lambda one: (one.from_quantity, one.from_us))
    return {one.sku: price_text(one.price, money) for one in holding}


def _scanned(barcodes: list[str], sku: str) -> str:
    """What a scanner of a till finds the product by: its first barcode, or else its code."""
    return next((one.strip() for one in barcodes if one.strip() not in ("", "-")), sku)
