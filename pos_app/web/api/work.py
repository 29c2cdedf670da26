"""What the forms of the back office record, for programs: orders, bills, money, goods, entries by hand.

Each operation is made of the declaration that its page is made of, so that a program may do what a person
may, by the same words and the same rules, and a form that is added is asked for here too.  Invoices and what
customers pay have operations of their own (`recording`), with drafts.
"""

import secrets
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, Literal, NamedTuple

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from pos_app.language import web_said
from pos_app.office import booked
from pos_app.web.api.documents import Document
from pos_app.web.api.operation import Answer, Call, Operation
from pos_app.web.api.recording import recorded
from pos_app.web.masters.declaration import Field, Kind
from pos_app.web.work import attention, invoices, money
from pos_app.web.work.declaration import Told, WorkForm
from pos_app.web.work.documents import ONE
from pos_app.web.work.registry import FORMS

_TAG: Final = "Recording"
_MOST_TEXT: Final = 200
_MOST_LINES: Final = 200


class _Called(NamedTuple):
    """What a program calls a form: where it is sent, and the operation.

    `is_document`: it records one, once for each Idempotency-Key.
    """

    path: str
    name: str
    is_document: bool = True


#: The forms that are asked for by these names; those that are left out have operations of their own.
CALLED: Final[Mapping[str, _Called]] = {
    "invoices/credit": _Called("credit-notes", "creditInvoice"),
    "payments/settle": _Called("settlements", "settleInvoices"),
    "invoices/write-off": _Called("write-offs", "writeOff"),
    "orders/new": _Called("purchase-orders", "orderGoods"),
    "receipts/new": _Called("goods-receipts", "receiveGoods"),
    "bills/new": _Called("bills", "enterBill"),
    "payments/vendor": _Called("vendor-payments", "payVendor"),
    "expenses/new": _Called("expenses", "recordExpense"),
    "money/transfer": _Called("money-transfers", "moveMoney"),
    "money/party": _Called("party-money", "recordPartyMoney"),
    "money/draw": _Called("owner-drawings", "drawMoney"),
    "money/capital": _Called("capital", "bringCapital"),
    "bags/banked": _Called("bags-banked", "bankBag"),
    "vouchers/pay-back": _Called("deposit-repayments", "payDepositBack"),
    "stock/adjust": _Called("stock-adjustments", "correctStock"),
    "stock/count": _Called("stock-counts", "countStock"),
    "bank/account": _Called("bank-accounts", "sayBankAccount", is_document=False),
    "bank/sure": _Called("bank-lines/sure", "acceptSureBankLines", is_document=False),
    "payments/fetch": _Called("payments/fetch", "fetchPayments", is_document=False),
    "stock/send": _Called("transfers", "sendGoods"),
    "stock/receive": _Called("transfer-receipts", "receiveTransfer"),
    "cylinders/move": _Called("returnables", "moveReturnables"),
    "journal/new": _Called("journal-entries", "enterByHand"),
    "flags/settle": _Called("flags/settle", "settleFlags", is_document=False),
    "requests/answer": _Called("requests/answer", "answerRequest", is_document=False),
    "locks/new": _Called("locks", "lockPeriod", is_document=False),
    "year-end": _Called("year-ends", "closeYear", is_document=False),
    "organisation": _Called("organisation", "changeOrganisation", is_document=False),
    "rules": _Called("rules", "changeRules", is_document=False),
}
#: Those with operations of their own.
OWN: Final = frozenset({invoices.INVOICE.path, money.RECEIVE.path})
#: Of which a program says which button it means; of any other it is the main one.
_ASKS_ACT: Final = frozenset({attention.ANSWER.path})


class Worked(Struct, frozen=True, kw_only=True):
    """What was done where no document was recorded: a word that says so."""

    said: str


class WorkOperation:
    """What one form is to a program."""

    def __init__(self, form: WorkForm, called: _Called) -> None:
        self._form = form
        self._called = called
        self._main = form.acts[0][0] if form.acts else ""

    def made(self) -> Operation:
        """The operation."""
        form, called = self._form, self._called
        words = f"{web_said(form.words)}.{f' {web_said(form.hint)}' if form.hint else ''}"
        return Operation(
            "POST", f"/{called.path}", called.name, words, _TAG, self._do,
            Document if called.is_document else Worked, needs=form.needs, body=self._body(),
            status=201 if called.is_document else 200, once=called.is_document,
        )  # fmt: skip

    def _body(self) -> Any:
        form, title = self._form, self._called.name[:1].upper() + self._called.name[1:]
        fields: list[Any] = [_shaped(one) for one in form.fields]
        if form.path in _ASKS_ACT:
            acts = tuple(name for name, _ in form.acts)
            fields.append(("act", Annotated[Literal[acts], Meta(description="What is to be done.")]))
        if form.lines is not None:
            line = msgspec.defstruct(
                f"{title}Line",
                [_shaped(one) for one in form.lines.fields],
                kw_only=True,
                forbid_unknown_fields=True,
                namespace={"__doc__": f"{web_said(form.lines.words)}. {web_said(form.lines.hint)}".strip()},
            )
            fields.append(("lines", Annotated[list[line], Meta(max_length=_MOST_LINES)], []))  # type: ignore[valid-type]
        return msgspec.defstruct(
            f"{title}Fields",
            fields,
            kw_only=True,
            forbid_unknown_fields=True,
            namespace={"__doc__": "What is sent, as the form of the back office has it."},
        )

    def _do(self, call: Call) -> Answer:
        if self._called.is_document:
            before = booked.of_request(call.office, call.request_id)
            if before is not None:
                # Whatever became of what it was about since: it is there already.
                return recorded(call, before, "documents")
        told = Told(
            _told(call.body, self._form.fields),
            self._lines(call.body),
            call.request_id or secrets.token_hex(16),
            getattr(call.body, "act", self._main),
        )
        done = self._form.do(call.office, told)
        if not self._called.is_document:
            return Answer(Worked(said=done.said))
        if done.to.path != ONE:
            raise AssertionError(f"{self._form.path} led to {done.to.path}, and not to a document")
        return recorded(call, int(str(done.to.query["key"])), "documents")

    def _lines(self, body: Any) -> list[dict[str, str]]:
        if self._form.lines is None:
            return []
        told = [_told(line, self._form.lines.fields) for line in body.lines]
        return [one for one in told if any(one.values())]


def _shaped(asked: Field) -> tuple[Any, ...]:
    """A field of a body: texts where the form has lines of a text, true or false where it has a box."""
    hint = f" {web_said(asked.hint)}" if asked.hint else ""
    meta = Meta(description=f"{web_said(asked.words)}.{hint}")
    text = Annotated[str, Meta(max_length=_MOST_TEXT)]
    kind: Any = text
    if asked.kind is Kind.YES_NO:
        kind = bool
    elif asked.kind is Kind.LINES:
        kind = Annotated[list[text], Meta(max_length=_MOST_LINES)]
    kind = Annotated[kind, meta]
    return (asked.name, kind) if asked.needed else (asked.name, kind | UnsetType, UNSET)


def _told(body: Any, fields: Sequence[Field]) -> dict[str, str]:
    """What was sent, as the form would hold it."""
    told: dict[str, str] = {}
    for one in fields:
        value = getattr(body, one.name)
        if value is UNSET:
            continue
        if isinstance(value, bool):
            told[one.name] = "yes" if value else "no"
        else:
            told[one.name] = "\n".join(value) if isinstance(value, list) else value.strip()
    return told


def operations() -> Sequence[Operation]:
    """Of every form that has none of its own."""
    return [WorkOperation(one, CALLED[one.path]).made() for one in FORMS if one.path not in OWN]
