"""Meter consumption: what each customer drew through each meter, from which reading to which.

A void and a refund take their quantity back and turn no meter.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from pos_app.language import printed
from pos_app.ledger.exchange_rate import RATE_ONE, worth_of
from pos_app.ledger.quantity import quantity_text
from pos_app.reports.ask.question import Question, kind_words, number_of
from pos_app.reports.ask.rounding import rounded_once
from pos_app.reports.model.report import (
    Cell,
    CellKind,
    Column,
    Leads,
    Report,
    Row,
    Section,
    money,
    opens,
    summed,
)
from pos_app.store.report_queries import chart_of_accounts, meter_lines
from pos_app.store.report_queries.chart_of_accounts import Named
from pos_app.store.report_queries.meter_lines import Read


@dataclass
class _Meter:
    """What went through a meter: readings and quantity in thousandths, money in base currency."""

    first: int | None = None
    last: int | None = None
    quantity: int = 0
    total: int = 0

    @property
    def missing(self) -> int | None:
        """What the readings moved on and nobody was charged for; nothing where there are no readings."""
        if self.first is None or self.last is None:
            return None
        return self.last - self.first - self.quantity


#: By customer, product and the code of their meter.
_Key = tuple[int | None, int, str]


def meter_consumption(question: Question) -> Report:
    """Of the period."""
    found = list(meter_lines.readings(question.connection, question.scope))
    parties = chart_of_accounts.parties(question.connection, question.org_id)
    meters: dict[_Key, _Meter] = {}
    for read in found:
        _count(meters, read)
    sections = []
    if found:
        sections = [_meters(question, meters, parties, _names(found)), _readings(question, found, parties)]
    return question.report(
        "meter-consumption",
        printed("Meter consumption"),
        sections,
        notes=rounded_once(any(read.content.rate_micro != RATE_ONE for read in found)),
    )


def _key(read: Read) -> _Key:
    return getattr(read.content, "party_id", None), read.line.product_id, read.line.meter


def _count(meters: dict[_Key, _Meter], read: Read) -> None:
    meter = meters.setdefault(_key(read), _Meter())
    line = read.line
    meter.quantity += read.sign * line.quantity
    meter.total += read.sign * worth_of(line.net + line.tax, read.content.rate_micro)
    if read.stands:
        meter.first = line.meter_before if meter.first is None else meter.first
        meter.last = line.meter_after


def _names(reads: Iterable[Read]) -> dict[int, tuple[str, str]]:
    """What each product was called and counted in last."""
    return {read.line.product_id: (read.line.description, read.line.unit) for read in reads}


def _whose(parties: dict[int, Named], key: int | None) -> tuple[str, str]:
    if key is None:
        return "", printed("No name")
    return (
        (parties[key].code, parties[key].name)
        if key in parties
        else ("", printed("Party {number}", number=key))
    )


def _meters(
    question: Question,
    meters: dict[_Key, _Meter],
    parties: dict[int, Named],
    names: dict[int, tuple[str, str]],
) -> Section:
    rows = []
    for party, product, code in sorted(meters, key=lambda key: (_whose(parties, key[0])[1], key[1], key[2])):
        meter = meters[party, product, code]
        whose, (name, unit) = _whose(parties, party), names[product]
        cells: tuple[Cell, ...] = (*whose, name, unit, code, meter.first, meter.last, meter.quantity)
        days = {key: day for key, day in question.asked_again().items() if key != "business"}
        to = opens(Leads.DOCUMENTS, {**days, "party": whose[0]}) if whose[0] else None
        rows.append(Row((*cells, meter.missing or None, meter.total), opens=to))
    columns = (
        Column(printed("Code")),
        Column(printed("Customer"), grows=True),
        Column(printed("Product")),
        Column(printed("Unit")),
        Column(printed("Meter")),
        Column(printed("From reading"), CellKind.QUANTITY),
        Column(printed("To reading"), CellKind.QUANTITY),
        Column(printed("Consumption"), CellKind.QUANTITY),
        Column(printed("Not charged"), CellKind.QUANTITY),
        money(printed("Total"), question.base),
    )
    # Litres and cubic metres have no sum.
    label = ("", printed("Total"), "", "", "")
    total = summed(rows, label, without=frozenset({5, 6, 7, 8}))
    return Section(printed("By customer and meter"), columns, (*rows, total))


def _readings(question: Question, reads: Iterable[Read], parties: dict[int, Named]) -> Section:
    rows = []
    for read in reads:
        document, content, line = read.document, read.content, read.line
        is_void = document is not content
        kind = kind_words(type(content).__struct_config__.tag, is_void=is_void)
        cells = (
            question.period.local(document.occurred_at).date(),
            number_of(read.number_prefix, document.terminal_no, document.series, document.number),
            kind,
            _whose(parties, getattr(content, "party_id", None))[1],
            line.meter,
            f"{quantity_text(line.meter_before or 0)} – {quantity_text(line.meter_after or 0)}",
            read.sign * line.quantity,
        )
        rows.append(Row(cells, opens=opens(Leads.DOCUMENT, {"key": document.document_id})))
    columns = (
        Column(printed("Date"), CellKind.DATE),
        Column(printed("Document")),
        Column(printed("What")),
        Column(printed("Customer"), grows=True),
        Column(printed("Meter")),
        Column(printed("Readings")),
        Column(printed("Consumption"), CellKind.QUANTITY),
    )
    return Section(printed("Each reading"), columns, tuple(rows))
