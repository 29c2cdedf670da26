"""Shelf labels and price lists on paper, of what `label_goods` finds."""

from datetime import date

from pos_app.language import printed
from pos_app.ledger.day import to_date, zone
from pos_app.ledger.errors import Refused
from pos_app.ledger.house_rule import HouseRule
from pos_app.office import label_goods
from pos_app.office.label_goods import Asked
from pos_app.office.masters import price_lists
from pos_app.office.office import Office
from pos_app.reports.draw.labels import labels_pdf
from pos_app.reports.draw.report_pdf import report_pdf
from pos_app.reports.model.label import Label, sheet_named
from pos_app.reports.model.period import Period
from pos_app.reports.model.report import Column, Report, Row, Section
from pos_app.store.master import house_rules

#: The sheet that the shop's own rules say: so many labels beside and below each other.
OWN_SHEET = "a4"


def labels(office: Office, asked: Asked, sheet: str, copies: int) -> bytes:
    """Labels as a PDF, each read back.  Raises `Refused` for a sheet that is none, where there is nothing to
    print or too much at once, and for a label that no scanner could read.
    """
    paper = sheet_named(_own_sheet(office) if sheet == OWN_SHEET else sheet)
    return labels_pdf(
        several(office, asked, copies), paper, f"{printed('Labels')}, {office.organisation.name}"
    )


def several(office: Office, asked: Asked, copies: int) -> list[Label]:
    """So many labels of each, one after the other.  Raises `Refused` for none and for too many."""
    found = label_goods.labels(office, asked)
    if not found:
        raise Refused("labels-none")
    if len(found) * copies > label_goods.MOST:
        raise Refused("labels-too-many", most=label_goods.MOST)
    return [one for one in found for _ in range(copies)]


def _own_sheet(office: Office) -> str:
    with office.read() as books:
        rules = house_rules.at_depot(books.connection, books.org_id, None)
    return f"a4-{rules[HouseRule.LABEL_COLUMNS]}x{rules[HouseRule.LABEL_ROWS]}"


def price_list(office: Office, asked: Asked) -> bytes:
    """What everything costs, on A4, by category.  Raises `Refused` where there is nothing to print."""
    found = label_goods.part(office, asked).products
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
    called = price_lists.show(office, asked.price_list).row.name if asked.price_list.strip() else ""
    report = Report(
        "price-list",
        printed("Price list"),
        office.organisation.name,
        called or printed("Prices of everybody"),
        Period(None, _today(office), zone(office.organisation.time_zone)),
        sections,
    )
    return report_pdf(report)


def _today(office: Office) -> date:
    with office.read() as books:
        return to_date(books.today)
