"""Goods in the office: what lies where and at whom, corrected, counted, moved, given and taken back."""

from collections.abc import Callable
from typing import Final

from pos_app.language import web_text, web_words
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.ledger.stock import AdjustmentReason
from pos_app.office import booked, stock, waiting_work
from pos_app.office.office import Office
from pos_app.office.stock import Quantity
from pos_app.reports.model.report import CellKind
from pos_app.web.masters.declaration import Choices, Field, Kind, Values
from pos_app.web.work import reading
from pos_app.web.work.declaration import (
    Done,
    Heading,
    Line,
    Lines,
    Sought,
    To,
    Told,
    WorkForm,
    WorkList,
    laid_out,
)
from pos_app.web.work.invoices import CUSTOMER, WORDS
from pos_app.web.work.reading import places

_PLACE: Final = Field(
    "place", web_words("Place"), Kind.CHOICE, choices=places, needed=True, codes=("place-unknown",)
)
_LINES: Final = (
    Field("sku", web_words("Product")),
    Field("quantity", web_words("Quantity"), Kind.NUMBER),
)
_LAST: Final = (reading.ON, reading.NOTE, reading.IS_DATED)


def _quantities(told: Told) -> list[Quantity]:
    return reading.lines(told, _quantity)


def _quantity(line: Values) -> Quantity:
    return Quantity(line.get("sku", ""), reading.counted(line.get("quantity", "")))


def _reasons(_: Office) -> Choices:
    words = {
        AdjustmentReason.DAMAGE: web_text("damage"),
        AdjustmentReason.LOSS: web_text("loss"),
        AdjustmentReason.FOUND: web_text("found"),
        AdjustmentReason.USE: web_text("used by ourselves"),
        AdjustmentReason.OTHER: web_text("something else"),
    }
    return [(one.value, words[one]) for one in AdjustmentReason]


def _adjust(office: Office, told: Told) -> Done:
    reasons = tuple(one.value for one in AdjustmentReason)
    if told.get("why") not in reasons:
        raise Refused("money-reason-unknown", reason=told.get("why")[:20], reasons=", ".join(reasons))
    made = stock.adjust(
        office,
        told.get("place"),
        AdjustmentReason(told.get("why")),
        _quantities(told),
        reading.occasion(office, told),
    )
    return reading.made(made.document_id)


ADJUST: Final = WorkForm(
    path="stock/adjust",
    words=web_words("Correct stock"),
    hint=web_words("Below zero takes away: −2 of what broke."),
    needs=(Permission.ADJUST_STOCK,),
    fields=(_PLACE, Field("why", web_words("Why"), Kind.CHOICE, choices=_reasons, needed=True), *_LAST),
    lines=Lines(web_words("What"), _LINES),
    do=_adjust,
)


def _count(office: Office, told: Told) -> Done:
    made = stock.count(office, told.get("place"), _quantities(told), reading.occasion(office, told))
    return reading.made(made.document_id)


COUNT: Final = WorkForm(
    path="stock/count",
    words=web_words("Enter a count"),
    hint=web_words("What was counted at a place; the difference to the books moves the stock."),
    needs=(Permission.STOCK_COUNT,),
    fields=(_PLACE, *_LAST),
    lines=Lines(web_words("What was counted"), _LINES),
    do=_count,
)


def _send(office: Office, told: Told) -> Done:
    made = stock.send(
        office, told.get("place"), told.get("to"), _quantities(told), reading.occasion(office, told)
    )
    return reading.made(made.document_id)


SEND: Final = WorkForm(
    path="stock/send",
    words=web_words("Send goods to another place"),
    hint=web_words("Until they are received there they are on their way."),
    needs=(Permission.TRANSFER_STOCK,),
    fields=(
        _PLACE,
        Field("to", web_words("To"), Kind.CHOICE, choices=places, needed=True, codes=("place-unknown",)),
        *_LAST,
    ),
    lines=Lines(web_words("What"), _LINES),
    do=_send,
)


def _receive(office: Office, told: Told) -> Done:
    key = booked.find(office, told.get("transfer"))
    made = stock.receive(office, key, _quantities(told), reading.occasion(office, told))
    return reading.made(made.document_id)


RECEIVE: Final = WorkForm(
    path="stock/receive",
    words=web_words("Goods of a transfer came"),
    hint=web_words("All that was on its way, or the lines below; the rest stays on its way."),
    needs=(Permission.TRANSFER_STOCK,),
    fields=(
        Field(
            "transfer",
            web_words("Transfer"),
            hint=web_words("Its number."),
            needed=True,
            codes=("document-unknown", "not-a-receipt-number", "no-such-document"),
        ),
        *_LAST,
    ),
    lines=Lines(web_words("What came"), _LINES),
    do=_receive,
)


def _returnables(office: Office, told: Told) -> Done:
    made = stock.returnables(
        office, told.get("place"), told.get("customer"), _quantities(told), reading.occasion(office, told)
    )
    return reading.made(made.document_id)


RETURNABLES: Final = WorkForm(
    path="cylinders/move",
    words=web_words("Cylinders or bottles given or taken back"),
    hint=web_words("Without a trade. Given counts up, taken back below zero: −2."),
    needs=(Permission.RETURNABLES,),
    fields=(CUSTOMER, _PLACE, *_LAST),
    lines=Lines(web_words("What"), _LINES),
    do=_returnables,
)


# --- looking ----------------------------------------------------------------------------------------------


def _stock(office: Office, sought: Sought) -> list[Line]:
    lines = [
        Line(
            (one.sku, one.name, one.quantity, one.unit),
            To("/products/thing", {"code": one.sku}) if one.sku else None,
            str(one.product_id),
            web_words("below zero") if one.quantity < 0 else "",
        )
        for one in waiting_work.stock_at(office, sought.get("place"))
    ]
    return laid_out(lines, sought)


def _place_filter(name: str, choices: Callable[[Office], Choices]) -> Field:
    return Field(name, web_words("Place"), Kind.CHOICE, choices=choices, codes=("place-unknown",))


STOCK: Final = WorkList(
    path="stock",
    words=web_words("Stock on hand"),
    hint=web_words("What the books say lies at a place; nothing chosen is the centre's depot."),
    sees=(Permission.SEE_REPORTS, Permission.ADJUST_STOCK),
    headings=(
        Heading(web_words("Product"), sorts=True),
        Heading(web_words("Name"), sorts=True),
        Heading(web_words("Quantity"), CellKind.QUANTITY, sorts=True),
        Heading(web_words("Unit")),
    ),
    filters=(_place_filter("place", places), WORDS),
    read=_stock,
)


def _held(office: Office, sought: Sought) -> list[Line]:
    lines = [
        Line(
            (whose or web_text("unknown"), one.sku, one.name, one.quantity),
            None,
            f"{one.location_id}-{one.product_id}",
        )
        for whose, one in waiting_work.held(office)
    ]
    return laid_out(lines, sought)


HELD: Final = WorkList(
    path="cylinders",
    words=web_words("Cylinders and bottles out at customers"),
    hint=web_words("What each of them holds of ours; below zero: they brought back more than they got."),
    sees=(Permission.SEE_REPORTS, Permission.RETURNABLES),
    headings=(
        Heading(web_words("Whose"), sorts=True),
        Heading(web_words("Product"), sorts=True),
        Heading(web_words("Name"), sorts=True),
        Heading(web_words("Quantity"), CellKind.QUANTITY, sorts=True),
    ),
    filters=(WORDS,),
    read=_held,
)
