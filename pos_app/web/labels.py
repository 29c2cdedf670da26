"""Labels and price lists in a browser: chosen on a page, given as a PDF; codes for goods that have none."""

from typing import Final

from starlette.responses import Response

from pos_app.language import web_text
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.office import label_goods, shelf_labels
from pos_app.office.label_goods import Asked, Part
from pos_app.office.masters import choices, price_lists
from pos_app.office.shelf_labels import OWN_SHEET
from pos_app.web.visit import Visit
from pos_app.web.way import Way

_NEEDS: Final = (Permission.SEE_REPORTS, Permission.EDIT_MASTER)
_SHOWN: Final = 50
_PDF: Final = "application/pdf"
#: What is kept of a question from one page to the next.
_KEPT: Final = (
    "words", "category", "list", "depot", "at", "packs", "kind", "weight", "lot", "sheet", "copies",
)  # fmt: skip


def _sheets() -> dict[str, str]:
    return {
        OWN_SHEET: web_text("A4, as the shop's rules say"),
        "a4-24": web_text("A4, 24 labels of 70 × 37 mm"),
        "a4-40": web_text("A4, 40 labels of 52.5 × 29.7 mm"),
        "roll-58": web_text("A roll of 58 × 40 mm"),
        "roll-80": web_text("A roll of 80 × 50 mm"),
    }


def _kinds() -> dict[str, str]:
    return {
        "": web_text("what suits the code"),
        "ean13": "EAN-13",
        "ean8": "EAN-8",
        "code128": "Code 128",
        "gs1-128": web_text("GS1-128, with weight or lot"),
        "qr": "QR",
    }


def _asked(visit: Visit) -> Asked:
    asked = visit.asked.form if visit.asked.method == "POST" else visit.asked.query
    return Asked(
        asked.get("words")[:100],
        asked.get("category").strip(),
        asked.get("list").strip(),
        asked.get("after")[:100],
        asked.get("depot").strip(),
        asked.get("at").strip(),
        bool(asked.get("packs")),
        asked.get("kind").strip(),
        asked.get("weight").strip(),
        asked.get("lot").strip(),
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
    found, goes_on, since = Part([], goes_on=False)
    try:
        found, goes_on, since = label_goods.part(visit.office, asked)
    except Refused as refused:
        error = error or refused
    given = visit.asked.form if visit.asked.method == "POST" else visit.asked.query
    return visit.page(
        "labels.html",
        status=200 if error is None else 422,
        error=error,
        asked=asked,
        found=found[:_SHOWN],
        count=len(found),
        bare=sum(1 for one in found if not one.has_code and not one.each),
        since=since,
        first=found[0].sku if found else "",
        last=found[-1].sku if goes_on else "",
        sheets=_sheets(),
        kinds=_kinds(),
        sheet=given.get("sheet") or OWN_SHEET,
        copies=given.get("copies") or "1",
        kept={name: given.get(name) for name in _KEPT if given.get(name)},
        lists=[(one.code, one.name) for one in price_lists.lists(visit.office) if one.active],
        depots=choices.of_depots(visit.office),
        may_give=visit.may(Permission.EDIT_MASTER),
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


def _codes(visit: Visit) -> Response:
    try:
        given = label_goods.give_codes(visit.office, _asked(visit))
    except Refused as error:
        return _page(visit, error)
    kept = {name: visit.asked.form.get(name) for name in _KEPT if visit.asked.form.get(name)}
    return visit.go("/labels", said="codes-given" if given else "unchanged", **kept)


WAYS: Final = [
    Way("/labels", _look, needs=_NEEDS),
    Way("/labels/file", _file, needs=_NEEDS),
    Way("/labels/codes", _codes, method="POST", needs=(Permission.EDIT_MASTER,)),
]
