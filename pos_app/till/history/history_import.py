"""History from another system: each number of a CSV file becomes one document, through the checkout.

The request of a document is derived from its number, so a second run, or the run after a kill at
any moment, finds what is recorded and adds only what is not.  Each document is a commit of its own.

Its documents stand under the person who brings it in.

Decisions
---------
2026-11-29  History is of the time before the till: it comes in before the first shift.  Afterwards it
needs a permit of the centre, which is a role that ends (`HISTORIAN`) and travels with all other roles: else
whoever may import could date anything into the past for ever, or an old till could be filled twice.
"""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pos_app.files.csv_file import CsvFile, CsvRow, open_csv
from pos_app.language import said
from pos_app.ledger.day import day_of
from pos_app.ledger.document import Document, Refund, Sale
from pos_app.ledger.errors import Damaged, Refused
from pos_app.ledger.line import TenderKind
from pos_app.ledger.permission import HISTORIAN, Permission
from pos_app.ledger.price import Price, parse_price
from pos_app.ledger.quantity import parse_quantity
from pos_app.store.documents import documents
from pos_app.store.engine.errors import Frozen
from pos_app.store.master import catalogue, codes, people, rates
from pos_app.store.master.catalogue import Product
from pos_app.store.master.people import Party
from pos_app.store.tables.columns import micros
from pos_app.till.selling.basket import MOST_LINES, Basket
from pos_app.till.selling.basket_state import BasketLine, BasketState, TenderEntry
from pos_app.till.selling.checkout import Checkout, History
from pos_app.till.session.context import Context

REQUIRED: Final = ("number", "occurred_at", "customer", "sku", "quantity", "unit_price")
OPTIONAL: Final = ("description",)
_MOST_NUMBER: Final = 60
_NAMESPACE: Final = uuid.uuid5(uuid.NAMESPACE_URL, "https://bohari.example/import")


class Reason(NamedTuple):
    """Why a row, or the document of its number, was refused."""

    row: int
    number: str
    reason: str


@dataclass
class Imported:
    """What an import did, in documents; `reasons` has a line for every refused row."""

    imported: int = 0
    already: int = 0
    refused: int = 0
    reasons: list[Reason] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class _Row(NamedTuple):
    """One checked row; `quantity` in thousandths, `unit_price` in minor units."""

    line_no: int
    number: str
    occurred_at: datetime
    party_id: int | None
    product: Product
    description: str
    quantity: int
    unit_price: Price


@dataclass
class _Plan:
    """What a first reading of the file found: how many rows each number has, and what is refused."""

    counts: dict[str, int] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    reasons: list[Reason] = field(default_factory=list)
    nameless: int = 0


class HistoryImport:
    """Brings history into one till."""

    def __init__(self, context: Context) -> None:
        """Raises `Refused` when nobody is signed in, who is may not, or the time for it is over."""
        self._context = context
        context.need(Permission.IMPORT_HISTORY)
        _in_time(context)
        self._products: dict[str, Product | None] = {}
        self._parties: dict[str, Party | None] = {}
        #: The rates that were looked up, by tax code and local day.
        self._rates: dict[tuple[str, int], int] = {}
        try:
            self._zone = ZoneInfo(context.place.time_zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise Damaged("time-zone-unknown", name=context.place.time_zone) from error

    def run(
        self, path: Path, *, strict: bool = False, progress: Callable[[int, int], None] | None = None
    ) -> Imported:
        """Import a file; with `strict` nothing when any row is refused.

        `progress` gets documents done and documents in all.  Raises `Refused` when the file is not
        such a file, `Unavailable` when it or the disk fails; what was recorded until then stays.
        """
        source = open_csv(path, REQUIRED, OPTIONAL)
        plan = self._plan(source)
        done = Imported(notes=list(source.notes), reasons=plan.reasons)
        done.refused = len(plan.refused) + plan.nameless
        if strict and not done.refused:
            self._rehearse_all(source, plan, done)
        if not (strict and done.refused):
            self._record_all(source, plan, done, progress)
        done.reasons.sort(key=lambda reason: reason.row)
        return done

    # --- the first reading: what is there, and what is wrong with it -------------------------------

    def _plan(self, source: CsvFile) -> _Plan:
        plan = _Plan()
        first: dict[str, tuple[datetime, int | None]] = {}
        good: dict[str, list[int]] = {}
        for row in source.rows():
            number = row.values.get("number", "")[:_MOST_NUMBER]
            try:
                checked = self._checked(row)
                head = first.setdefault(number, (checked.occurred_at, checked.party_id))
                if head != (checked.occurred_at, checked.party_id):
                    raise Refused("rows-of-number-differ")
                if plan.counts.get(number, 0) >= MOST_LINES:
                    raise Refused("document-too-long", most=MOST_LINES)
            except Refused as error:
                plan.reasons.append(Reason(row.line_no, number, error.said))
                if number:
                    plan.refused.setdefault(number, said("other-row-refused", row=row.line_no))
                else:
                    plan.nameless += 1
            else:
                good.setdefault(number, []).append(row.line_no)
            if number:
                plan.counts[number] = plan.counts.get(number, 0) + 1
        # A document is taken whole or not at all: the good rows of a refused one say so.
        for number, why in plan.refused.items():
            plan.reasons += [Reason(line_no, number, why) for line_no in good.get(number, ())]
        return plan

    def _checked(self, row: CsvRow) -> _Row:
        if row.reason:
            raise Refused(row.reason)
        values = row.values
        if not values["number"]:
            raise Refused("imported-without-number")
        if len(values["number"]) > _MOST_NUMBER:
            raise Refused("imported-number-too-long", most=_MOST_NUMBER)
        product = self._product(values["sku"])
        party = self._party(values["customer"])
        unit_price = parse_price(values["unit_price"], self._context.place.currency, "The unit price")
        if unit_price < 0:
            raise Refused("imported-price-negative")
        moment = self._moment(values["occurred_at"])
        return _Row(
            row.line_no,
            values["number"],
            moment,
            party.party_id if party else None,
            self._taxed_on(product, day_of(moment, self._context.place.time_zone)),
            (values["description"] or product.name)[:200],
            parse_quantity(values["quantity"]),
            unit_price,
        )

    def _product(self, sku: str) -> Product:
        if sku not in self._products:
            with self._context.database.read() as connection:
                self._products[sku] = catalogue.by_sku(connection, self._context.shop(), sku) if sku else None
        found = self._products[sku]
        if found is None:
            raise Refused("product-unknown-at-till", sku=sku[:40])
        return found

    def _taxed_on(self, product: Product, day: int) -> Product:
        """The product with the rate of its tax on a day: history was taxed by the law of its time."""
        key = product.tax_code, day
        if key not in self._rates:
            with self._context.database.read() as connection:
                self._rates[key] = rates.tax_rate(connection, self._context.org_id, *key)
        return replace(product, tax_rate_bp=self._rates[key])

    def _party(self, code: str) -> Party | None:
        if not code:
            return None
        if code not in self._parties:
            with self._context.database.read() as connection:
                known = codes.party(connection, self._context.org_id, code)
                self._parties[code] = (
                    None if known is None else people.party(connection, self._context.org_id, known.party_id)
                )
        found = self._parties[code]
        if found is None:
            raise Refused("customer-unknown-at-till", code=code[:40])
        return found

    def _moment(self, text: str) -> datetime:
        """A date or a moment in ISO 8601; without a zone it is the organisation's."""
        try:
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is None:
                moment = moment.replace(tzinfo=self._zone)
            moment = moment.astimezone(UTC)
        except (ValueError, OverflowError):
            raise Refused("not-a-date-and-time", text=text[:40]) from None
        if moment.year < 1970:
            raise Refused("date-before-1970", text=text[:40])
        if moment > self._context.clock.now():
            raise Refused("date-in-future", text=text[:40])
        return moment

    # --- the second reading: recording ---------------------------------------------------------------

    def _documents(self, source: CsvFile, plan: _Plan) -> Iterator[tuple[str, list[_Row]]]:
        """Each number with its rows when the last has come by; only unfinished ones are in memory."""
        unfinished: dict[str, list[_Row]] = {}
        for row in source.rows():
            number = row.values.get("number", "")[:_MOST_NUMBER]
            if not number or number in plan.refused:
                continue
            rows = unfinished.setdefault(number, [])
            rows.append(self._checked(row))
            if len(rows) == plan.counts[number]:
                yield number, unfinished.pop(number)

    def _rehearse_all(self, source: CsvFile, plan: _Plan, done: Imported) -> None:
        """Learn what recording would refuse (a total too large, a known number) before anything is in."""
        for number, rows in self._documents(source, plan):
            try:
                checkout = self._checkout(number, rows)
                if checkout is not None:
                    checkout.rehearse(_history(number, rows))
            except Refused as error:
                _refuse(done, number, rows, error)

    def _record_all(
        self, source: CsvFile, plan: _Plan, done: Imported, progress: Callable[[int, int], None] | None
    ) -> None:
        total = len(plan.counts) - len(plan.refused)
        for number, rows in self._documents(source, plan):
            try:
                checkout = self._checkout(number, rows)
                if checkout is None:
                    done.already += 1
                else:
                    checkout.complete(paper=False, history=_history(number, rows))
                    done.imported += 1
            except Frozen:
                raise
            except Refused as error:
                _refuse(done, number, rows, error)
            if progress is not None:
                progress(done.imported + done.already + done.refused, total)

    def _checkout(self, number: str, rows: list[_Row]) -> Checkout | None:
        """The paid basket of one number; None when it is recorded already."""
        context = self._context
        state = BasketState(
            request_id=request_of(context.org_id, context.terminal.terminal_no, number),
            party_id=rows[0].party_id,
            lines=[_line(row) for row in rows],
        )
        with context.database.read() as connection:
            key = documents.key_of_request(connection, context.org_id, state.request_id)
            known = None if key is None else documents.get(connection, context.org_id, key)
        if known is not None:
            _must_be_same(known, rows)
            return None
        basket = Basket(context, state)
        total = abs(basket.totals().total)
        kind = TenderKind.CASH if state.party_id is None else TenderKind.ACCOUNT
        state.tenders = [TenderEntry(kind=kind, amount=total)] if total else []
        return Checkout(context, basket)


def _history(number: str, rows: list[_Row]) -> History:
    return History(rows[0].occurred_at, f"Imported, number {number}")


def _refuse(done: Imported, number: str, rows: list[_Row], error: Refused) -> None:
    done.refused += 1
    done.reasons += [Reason(row.line_no, number, error.said) for row in rows]


def request_of(org_id: int, terminal_no: int, number: str) -> str:
    """The request of the document that an imported number becomes: at this till always the same one.

    Every old system begins at 1: the 7 of one till is not the 7 of another.
    """
    return uuid.uuid5(_NAMESPACE, f"{org_id}/{terminal_no}/{number}").hex


def _in_time(context: Context) -> None:
    """Raise `Refused` after the first shift, without a permit."""
    person, now = context.signed_in(), micros(context.clock.now())
    if context.rights.holds(person.person_id, HISTORIAN, context.terminal.depot_id, now):
        return
    with context.database.read() as connection:
        if documents.ever_opened(connection, context.org_id, context.terminal.terminal_no):
            raise Refused("history-comes-first", depot=context.place.depot_code)


def _line(row: _Row) -> BasketLine:
    product = row.product
    return BasketLine(
        product_id=product.product_id,
        sku=product.sku,
        description=row.description,
        quantity=row.quantity,
        unit=product.unit,
        list_price=product.price,
        unit_price=row.unit_price,
        tax_code=product.tax_code,
        tax_rate_bp=product.tax_rate_bp,
        tax_inclusive=True,
        business_id=product.business_id,
        stocked=product.stocked,
    )


def _must_be_same(known: Document, rows: list[_Row]) -> None:
    """A number that was imported before with other content is told, never passed over in silence."""
    if isinstance(known, Sale | Refund):
        direction = 1 if isinstance(known, Sale) else -1
        before = [(line.product_id, direction * line.quantity, line.price) for line in known.lines]
        now = [(row.product.product_id, row.quantity, row.unit_price) for row in rows]
        if before == now and known.party_id == rows[0].party_id and known.occurred_at == rows[0].occurred_at:
            return
    raise Refused("imported-differently")
