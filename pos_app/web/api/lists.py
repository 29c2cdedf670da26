"""What waits and what lies open, for programs: each list of work of the back office, and one thing of it.

Decisions
---------
2026-12-01  A list of work is asked for as its page shows it, by the same declaration: its columns under names
that stay, its words in English whoever asks, amounts with their currency beside them.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

import msgspec

from pos_app.language import ENGLISH, speaking, web_said
from pos_app.ledger.errors import Refused
from pos_app.ledger.money import decimal_text
from pos_app.ledger.quantity import plain_quantity
from pos_app.office.office import Office
from pos_app.reports.model.report import Cell, CellKind
from pos_app.web.api.operation import DAY, TEXT, Answer, Call, Operation, Parameter
from pos_app.web.masters.declaration import Field, Kind
from pos_app.web.work import attention, goods, invoices, money, undecided
from pos_app.web.work.declaration import MOST_IN_FILE, Line, Sought, WorkList

_TAG: Final = "Work"
_SHOW: Final = "show"
#: What a document's key and what stands for a row are parted by is no part of an address.
_STROKE: Final = "/"


class _Called(NamedTuple):
    """What a list is to a program: where, which operations, and the names of its columns."""

    work: WorkList
    path: str
    list_name: str
    one_name: str
    columns: tuple[str, ...]


_OPEN: Final = ("number", "party", "due_on", "days_overdue", "amount")
CALLED: Final = (
    _Called(
        invoices.DRAFTS, "drafts", "listDrafts", "getDraft",
        ("party", "kind", "dated_on", "reference", "total"),
    ),
    _Called(invoices.OPEN_INVOICES, "open-invoices", "listOpenInvoices", "getOpenInvoice", _OPEN),
    _Called(invoices.OPEN_BILLS, "open-bills", "listOpenBills", "getOpenBill", _OPEN),
    _Called(
        money.CHITS, "vouchers", "listVouchers", "getVoucher",
        ("number", "kind", "issued_by", "customer", "good_until", "left"),
    ),
    _Called(
        attention.REQUESTS, "requests", "listRequests", "getRequest",
        ("number", "kind", "what", "asked_at", "state", "code", "why"),
    ),
    _Called(
        undecided.QUARANTINE, "quarantine", "listQuarantine", "getQuarantined",
        ("place", "kind", "number", "person", "reason", "came_at", "decision"),
    ),
    _Called(
        undecided.TWICE, "codes-twice", "listCodesTwice", "getCodeTwice",
        ("code", "first", "second", "amount", "account", "found_at", "decision"),
    ),
    _Called(goods.HELD, "returnables-out", "listReturnablesOut", "getReturnableOut",
            ("party", "sku", "name", "quantity")),
    _Called(
        attention.AUDIT, "audit", "listAudit", "getAuditEntry",
        ("at", "person", "what", "action", "terminal", "address"),
    ),
    _Called(attention.LOCKS, "locks", "listLocks", "getLock", ("business", "through")),
)  # fmt: skip
_ALL: Final[Mapping[str, Any]] = {"type": "string", "enum": ["all"]}
_MOST_KEY: Final = 17
_TYPES: Final[Mapping[CellKind, Any]] = {CellKind.NUMBER: int | None, CellKind.DATE: str | None}


class ListOperation:
    """What one list is to a program."""

    def __init__(self, called: _Called) -> None:
        self._called = called
        kinds = [one.kind for one in called.work.headings]
        fields: list[Any] = [("id", str)]
        for name, kind in zip(called.columns, kinds, strict=True):
            fields.append((name, _TYPES.get(kind, str)))
            if kind is CellKind.MONEY:
                fields.append(("currency", str))
        title = called.one_name.removeprefix("get")
        words = {"__doc__": f"{web_said(called.work.words)}. {web_said(called.work.hint)}"}
        item = msgspec.defstruct(title, fields, kw_only=True, frozen=True, namespace=words)
        self._item: Any = item
        self._page = msgspec.defstruct(
            f"{title}Page",
            [("items", list[item]), ("next", str | None)],  # type: ignore[valid-type]
            kw_only=True,
            frozen=True,
            namespace={"__doc__": "A page; `next` is the cursor of the page after it."},
        )

    def made(self) -> list[Operation]:
        """The list, and one thing of it."""
        called, work = self._called, self._called.work
        words = web_said(work.words)
        return [
            Operation("GET", f"/{called.path}", called.list_name, f"{words}.", _TAG, self._list, self._page,
                      needs=work.sees, pages=True, parameters=tuple(_asked(one) for one in work.filters)),
            Operation("GET", f"/{called.path}/{{id}}", called.one_name, f"One of: {words}.", _TAG, self._one,
                      self._item, needs=work.sees),
        ]  # fmt: skip

    def _read(self, office: Office, sought: Sought) -> list[Line]:
        with speaking(ENGLISH):
            return self._called.work.read(office, sought)

    def _list(self, call: Call) -> Answer:
        after, most = call.after(str, int), call.limit
        key, seen = after or ("", 0)
        values = {one.name: call.text(one.name) for one in self._called.work.filters}
        rows = self._read(call.office, Sought(values, 0, key, seen, most + 1))
        following = call.at(rows[most - 1].key, seen + most) if len(rows) > most else ""
        items = [self._shown(call.office, one) for one in rows[:most]]
        return Answer(self._page(items=items, next=following or None), following)

    def _one(self, call: Call) -> Answer:
        wanted = call.path["id"]
        names = {one.name for one in self._called.work.filters}
        values = {_SHOW: "all"} if _SHOW in names else {}
        found: Line | None = None
        if self._called.work is attention.AUDIT:
            if wanted.isascii() and wanted.isdecimal() and len(wanted) <= _MOST_KEY:
                # The log is long: the entry below the one after it.
                values = {"since": "2000-01-01"}
                sought = Sought(values, 0, str(int(wanted) + 1), 0, 1)
                found = next(iter(self._read(call.office, sought)), None)
        else:
            rows = self._read(call.office, Sought(values, most=MOST_IN_FILE))
            found = next((one for one in rows if _id(one) == wanted), None)
        if found is None or _id(found) != wanted:
            call.found(_nothing)
            raise AssertionError("nothing was found, and nobody said so")
        return Answer(self._shown(call.office, found))

    def _shown(self, office: Office, line: Line) -> Any:
        told: dict[str, Any] = {"id": _id(line)}
        base = office.organisation.currency
        for name, heading, cell in zip(
            self._called.columns, self._called.work.headings, line.cells, strict=True
        ):
            if heading.kind is CellKind.MONEY:
                # In another currency than the books' it is a text with its currency behind it.
                amount, _, code = (
                    (decimal_text(cell, base), "", base.code)
                    if isinstance(cell, int)
                    else str(cell).rpartition(" ")
                )
                told[name], told["currency"] = amount.replace(",", "").replace("\u2212", "-"), code
            else:
                told[name] = _plain(heading.kind, cell)
        return self._item(**told)


def _nothing() -> None:
    raise Refused("work-row-unknown")


def _id(line: Line) -> str:
    """What stands for a row in an address."""
    return line.key.replace(_STROKE, "-") or "-"


def _plain(kind: CellKind, cell: Cell) -> str | int | None:
    if kind is CellKind.NUMBER:
        return cell if isinstance(cell, int) else None
    if kind is CellKind.QUANTITY and isinstance(cell, int):
        return plain_quantity(cell)
    if isinstance(cell, date | datetime):
        return cell.isoformat()
    return None if kind is CellKind.DATE else str(cell or "")


def _asked(field: Field) -> Parameter:
    hint = f" {web_said(field.hint)}" if field.hint else ""
    if field.name == _SHOW:
        return Parameter(_SHOW, "All that ever were, and not those alone that wait.", _ALL)
    return Parameter(field.name, f"{web_said(field.words)}.{hint}", DAY if field.kind is Kind.DAY else TEXT)


def operations() -> Sequence[Operation]:
    """Of every list that has none of its own."""
    return [one for called in CALLED for one in ListOperation(called).made()]
