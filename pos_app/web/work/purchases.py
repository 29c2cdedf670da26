"""Purchases in the office: orders, what came of them, and the bills of vendors."""

import dataclasses
from collections.abc import Sequence
from typing import Final

from pos_app.language import web_words
from pos_app.ledger.currency import currency
from pos_app.ledger.errors import Refused
from pos_app.ledger.money import decimal_text
from pos_app.ledger.pack import Packed
from pos_app.ledger.permission import Permission
from pos_app.ledger.quantity import plain_quantity
from pos_app.office import bills, booked, drafts, purchasing, waiting_work
from pos_app.office.office import Office
from pos_app.office.purchasing import Bought, Came
from pos_app.web.masters.declaration import Field, Kind, Values
from pos_app.web.work import reading
from pos_app.web.work.declaration import GIVE_UP, Done, Lines, To, Told, WorkForm
from pos_app.web.work.invoices import ACTS, DRAFT, DUE, as_opened, draft_values
from pos_app.web.work.money import COSTS, VENDOR, cost


def _bought(office: Office, line: Values) -> Bought:
    if not line.get("cost"):
        raise Refused("cost-missing")
    return Bought(
        line.get("sku", ""),
        reading.typed_quantity(line.get("quantity", "")),
        reading.amount(line["cost"], office.organisation.currency, "The cost"),
    )


_LINES: Final = (
    Field("sku", web_words("Product")),
    Field("quantity", web_words("Quantity")),
    Field("cost", web_words("Cost of one, without tax"), Kind.NUMBER),
)
_PACKS: Final = web_words("“2cs” is two cases, and the cost that of one case.")


def _order(office: Office, told: Told) -> Done:
    made = purchasing.order(
        office,
        told.get("vendor"),
        reading.lines(told, lambda one: _bought(office, one)),
        reading.occasion(office, told),
        to=told.get("at"),
        expected_on=reading.day(told.values, "expected"),
        reference=told.get("reference"),
    )
    return reading.made(made.document_id)


ORDER: Final = WorkForm(
    path="orders/new",
    words=web_words("Order goods"),
    needs=(Permission.PURCHASE,),
    fields=(
        VENDOR,
        reading.AT,
        Field("expected", web_words("Expected on"), Kind.DAY, codes=("not-a-date",)),
        Field("reference", web_words("Reference")),
        reading.ON,
        reading.NOTE,
        reading.IS_DATED,
    ),
    lines=Lines(web_words("What is ordered"), _LINES, _PACKS),
    do=_order,
)


def _came(office: Office, told: Told) -> Done:
    occasion, reference = reading.occasion(office, told), told.get("reference")
    if told.get("order"):
        if told.get("vendor") or told.get("at") or any(one.get("cost") for one in told.lines):
            # What is typed beside it and would not count is no input to pass over.
            raise Refused("receipt-order-says-it")
        came = reading.lines(
            told, lambda one: Came(one.get("sku", ""), reading.typed_quantity(one.get("quantity", "")))
        )
        key = booked.find(office, told.get("order"))
        return reading.made(purchasing.receive(office, key, came, occasion, reference=reference).document_id)
    if not told.get("vendor"):
        raise Refused("receipt-of-nothing")
    bought = reading.lines(told, lambda one: _bought(office, one))
    made = purchasing.receive_without_order(
        office, told.get("vendor"), bought, occasion, to=told.get("at"), reference=reference
    )
    return reading.made(made.document_id)


CAME: Final = WorkForm(
    path="receipts/new",
    words=web_words("Goods came"),
    hint=web_words("Of an order all that was still to come, or these lines; without one say whose they are."),
    needs=(Permission.RECEIVE_GOODS,),
    fields=(
        Field(
            "order",
            web_words("Order"),
            hint=web_words("Its number."),
            codes=(
                "document-unknown",
                "not-a-receipt-number",
                "no-such-document",
                "order-came-already",
                "receipt-order-says-it",
            ),
        ),
        Field("vendor", web_words("Vendor"), hint=web_words("Without an order."), codes=("party-unknown",)),
        reading.AT,
        Field("reference", web_words("Delivery note")),
        reading.ON,
        reading.NOTE,
        reading.IS_DATED,
    ),
    lines=Lines(
        web_words("What came"),
        _LINES,
        web_words("The cost only without an order, and of one case where “2cs” of it came."),
    ),
    do=_came,
)


def _bill(office: Office, told: Told) -> Done:
    if told.act == GIVE_UP:
        drafts.give_up(office, told.request_id)
        return Done(To("/drafts", {}), "given-up")
    money = reading.money(office, told)
    costs = reading.lines(told, lambda one: cost(money, one))
    occasion = dataclasses.replace(reading.occasion(office, told), currency=money.code)
    terms, vendor = reading.terms(told), told.get("vendor")
    if told.act == DRAFT:
        bills.draft(office, vendor, costs, occasion, terms=terms, location=told.get("at"))
        return Done(To("/drafts", {}), "saved")
    made = bills.bill(office, vendor, costs, occasion, terms=terms, location=told.get("at"))
    return reading.made(made.document_id)


def _begun(office: Office, asked: Values) -> tuple[Values, Sequence[Values]]:
    """A draft as it was saved, where the address names one."""
    if not asked.get("draft"):
        return asked, ()
    row = waiting_work.draft(office, "bill", asked["draft"])
    money = currency(row.draft.currency)
    if any(one.receipt_id is not None for one in row.draft.lines):
        raise Refused("draft-of-receipt")
    return draft_values(office, row), [
        {
            "description": one.description,
            "account": "" if one.sku else one.account,
            "amount": decimal_text(one.pack_cost if one.pack else one.unit_price, money),
            "quantity": _quantity(one.quantity, one.pack),
            "tax": one.tax_code,
            "sku": one.sku,
        }
        for one in row.draft.lines
    ]


def _quantity(quantity: int, pack: Packed | None) -> str:
    """As it was typed: "2cs" where it goes in packs."""
    return plain_quantity(quantity) if pack is None else f"{pack.count(quantity)}{pack.word}"


BILL: Final = WorkForm(
    path="bills/new",
    words=web_words("Enter a bill"),
    hint=web_words("Of a vendor, for what is used up or for goods that came with it."),
    needs=(Permission.BILL,),
    fields=(
        VENDOR,
        reading.ON,
        DUE,
        Field("reference", web_words("Number of their paper")),
        reading.BUSINESS,
        reading.DEPOT,
        reading.AT,
        reading.CURRENCY,
        reading.IS_DATED,
    ),
    lines=COSTS,
    do=as_opened(_bill),
    begins=_begun,
    keeps=("draft", "seen"),
    acts=(*ACTS, (GIVE_UP, web_words("Give the draft up"))),
)
