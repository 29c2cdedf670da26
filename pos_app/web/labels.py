"""Shelf labels and price lists in a browser: chosen on a page, given as a PDF."""

from typing import Final

from starlette.responses import Response

from pos_app.language import web_text
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.office import shelf_labels
from pos_app.office.masters import price_lists
from pos_app.office.shelf_labels import Asked
from pos_app.web.visit import Visit
from pos_app.web.way import Way

_NEEDS: Final = (Permission.SEE_REPORTS, Permission.EDIT_MASTER)
_SHOWN: Final = 50
_PDF: Final = "application/pdf"


def _sheets() -> dict[str, str]:
    return {
        "a4-24": web_text("A4, 24 labels of 70 × 37 mm"),
        "a4-40": web_text("A4, 40 labels of 52.5 × 29.7 mm"),
        "roll-58": web_text("A roll of 58 × 40 mm"),
        "roll-80": web_text("A roll of 80 × 50 mm"),
    }


def _asked(visit: Visit) -> Asked:
    query = visit.asked.query
    return Asked(
        query.get("words")[:100],
        query.get("category").strip(),
        query.get("list").strip(),
        query.get("after")[:100],
    )


def _copies(visit: Visit) -> int:
    text = visit.asked.query.get("copies") or "1"
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:4]) <= 100 and len(text) < 4):
        raise Refused("labels-copies", text=text[:20])
    return int(text)


def _look(visit: Visit) -> Response:
    return _page(visit)


def _page(visit: Visit, error: Refused | None = None) -> Response:
    asked = _asked(visit)
    found, goes_on = shelf_labels.Part([], goes_on=False)
    try:
        found, goes_on = shelf_labels.part(visit.office, asked)
    except Refused as refused:
        error = error or refused
    return visit.page(
        "labels.html",
        status=200 if error is None else 422,
        error=error,
        asked=asked,
        found=found[:_SHOWN],
        count=len(found),
        first=found[0].sku if found else "",
        last=found[-1].sku if goes_on else "",
        sheets=_sheets(),
        sheet=visit.asked.query.get("sheet") or "a4-24",
        copies=visit.asked.query.get("copies") or "1",
        lists=[(one.code, one.name) for one in price_lists.lists(visit.office) if one.active],
    )


def _file(visit: Visit) -> Response:
    query, asked = visit.asked.query, _asked(visit)
    try:
        if query.get("paper") == "list":
            return visit.file(shelf_labels.price_list(visit.office, asked), _PDF, "price-list.pdf")
        drawn = shelf_labels.labels(visit.office, asked, query.get("sheet"), _copies(visit))
        return visit.file(drawn, _PDF, "labels.pdf")
    except Refused as error:
        return _page(visit, error)


WAYS: Final = [Way("/labels", _look, needs=_NEEDS), Way("/labels/file", _file, needs=_NEEDS)]
