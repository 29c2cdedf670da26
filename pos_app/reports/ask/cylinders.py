"""Cylinders and bottles: full, empty, at customers, on their way, with suppliers, lost; and how it came so.

Decisions
---------
2026-12-01  What is owned is what lies at our places, at customers and between them, full and empty; it must
be what all documents brought and took.  Where a supplier has them, they are his for full ones of his: they
are told, and not owned.
"""

from collections import defaultdict
from typing import Final

from pos_app.language import printed
from pos_app.ledger.quantity import quantity_text
from pos_app.reports.ask.question import Question, as_last_said
from pos_app.reports.model.report import (
    CellKind,
    Column,
    Leads,
    Report,
    Row,
    Section,
    opens,
    summed,
)
from pos_app.store.report_queries import returnable_stock
from pos_app.store.report_queries.returnable_stock import Returnable

_HERE: Final = ("depot", "vehicle")
_RECEIVED: Final = ("goods_receipt",)
_SOLD: Final = ("sale", "invoice", "refund", "credit_note")
_COUNTED: Final = ("stock_count",)
_ADJUSTED: Final = ("stock_adjustment",)


def cylinders(question: Question) -> Report:
    """At the end of the period."""
    kinds = returnable_stock.returnables(question.connection, question.scope)
    products = tuple(sorted({key for one in kinds for key in (one.full_id, one.empty_id) if key}))
    sections: list[Section] = []
    findings: list[str] = []
    if products:
        places = _places(question, products)
        lost = returnable_stock.lost(question.connection, question.scope, products)
        sections.append(_where(kinds, places, lost))
        if not question.on_till:
            sections.append(_how(question, kinds, places, products, findings))
    return question.report(
        "cylinders",
        printed("Cylinders and bottles"),
        sections,
        notes=(
            printed("Owned are those here, on their way, at customers and set aside; lost ones are no more."),
            printed("Below nothing at customers: they brought back more than they got."),
        ),
        findings=findings,
        till_note=as_last_said(),
    )


#: By product and kind of place: thousandths.
_Places = dict[tuple[int, str], int]


def _places(question: Question, products: tuple[int, ...]) -> _Places:
    found: _Places = defaultdict(int)
    for one in returnable_stock.lying(question.connection, question.scope, products):
        found[one.product_id, one.kind] += one.quantity
    return found


def _at(places: _Places, kind: Returnable, *where: str) -> int:
    return sum(places[product, one] for product in {kind.full_id, kind.empty_id} for one in where)


def _owned(places: _Places, kind: Returnable) -> int:
    return _at(places, kind, *_HERE, "customer", "transit", "scrap")


def _where(kinds: list[Returnable], places: _Places, lost: dict[int, int]) -> Section:
    rows = []
    for kind in kinds:
        full = sum(places[kind.full_id, one] for one in _HERE) if kind.full_id else None
        cells = (
            full,
            sum(places[kind.empty_id, one] for one in _HERE),
            _at(places, kind, "customer"),
            _at(places, kind, "transit"),
            _at(places, kind, "scrap"),
            _owned(places, kind),
            _at(places, kind, "supplier"),
            sum(lost.get(one, 0) for one in {kind.full_id, kind.empty_id}),
        )
        rows.append(Row((kind.sku, kind.name, *cells), opens=opens(Leads.PRODUCT, {"code": kind.sku})))
    titles = (
        printed("Full"),
        printed("Empty"),
        printed("At customers"),
        printed("On their way"),
        printed("Set aside"),
        printed("Owned"),
        printed("With suppliers"),
        printed("Lost"),
    )
    columns = (
        Column(printed("Code")),
        Column(printed("Product"), grows=True),
        *(Column(one, CellKind.QUANTITY) for one in titles),
    )
    return Section(printed("Where they are"), columns, (*rows, summed(rows, ("", printed("Total")))))


def _how(
    question: Question,
    kinds: list[Returnable],
    places: _Places,
    products: tuple[int, ...],
    findings: list[str],
) -> Section:
    """What came and went, of all time: it comes to what is owned and what suppliers have."""
    came: dict[tuple[int, str], int] = defaultdict(int)
    for one in returnable_stock.came(question.connection, question.scope, products):
        came[one.product_id, one.kind] += one.quantity
    named = {*_RECEIVED, *_SOLD, *_COUNTED, *_ADJUSTED}
    others = {document for _, document in came if document not in named}
    rows = []
    for kind in kinds:
        groups = (_RECEIVED, _SOLD, _COUNTED, _ADJUSTED, tuple(others))
        parts = [_at(came, kind, *group) for group in groups]
        now, lies = sum(parts), _owned(places, kind) + _at(places, kind, "supplier")
        if now != lies:
            findings.append(
                printed(
                    "{product}: the documents come to {now}, at their places lie {lies}.",
                    product=kind.name,
                    now=quantity_text(now),
                    lies=quantity_text(lies),
                )
            )
        rows.append(Row((kind.sku, kind.name, *parts, now)))
    titles = (
        printed("Received"),
        printed("Sold and brought back"),
        printed("Counted"),
        printed("Lost and found"),
        printed("Otherwise"),
        printed("In the books"),
    )
    columns = (
        Column(printed("Code")),
        Column(printed("Product"), grows=True),
        *(Column(one, CellKind.QUANTITY) for one in titles),
    )
    return Section(printed("How it came so"), columns, (*rows, summed(rows, ("", printed("Total")))))
