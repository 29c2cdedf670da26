"""Books to report on: a few weeks of every kind of document, and what plain sums over them say.

The sums here know documents and their postings, and no SQL.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from pos_app.ledger import canonical
from pos_app.ledger.document import CreditNote, Document, Invoice, Refund, Reversal, Sale
from pos_app.ledger.exchange_rate import RATE_ONE
from pos_app.ledger.journal_entry import EntryPurpose
from pos_app.ledger.line import TenderKind
from pos_app.ledger.money import divide_half_up
from pos_app.reports.ask.question import Question
from pos_app.reports.ask.registry import REPORTS
from pos_app.reports.model.period import period, zone_of
from pos_app.reports.model.report import Report, Row, RowKind, Section
from pos_app.store.documents.rows import Sealed
from pos_app.store.engine import privacy
from pos_app.store.master import organisations
from pos_app.store.report_queries import chart_of_accounts
from pos_app.store.tables import master
from tests.support.documents import specimens
from tests.support.documents.book_specimens import (
    DOLLAR,
    VENDOR,
    R,
    allocated_payment,
    allocation,
    bill,
    bill_line,
    credit_note,
    entry_line,
    expense,
    goods_receipt,
    invoice,
    journal_entry,
    stock_valuation,
    valued,
    vendor_payment,
)
from tests.support.documents.specimens import CUSTOMER, ORG, TILL, Item, account
from tests.support.worlds.books import Store, void
from tests.support.worlds.till_fixture import GOOD, fill_master

NAIROBI: Final = ZoneInfo("Africa/Nairobi")
SOLD: Final = (Sale, Refund, Invoice, CreditNote)
TAX_ACCOUNTS: Final = ("2200", "2210")


def at(year: int, month: int, day: int, hour: int = 12, minute: int = 0) -> dict[str, Any]:
    """When a document happened, by the clocks of Nairobi."""
    return {"occurred_at": datetime(year, month, day, hour, minute, tzinfo=NAIROBI).astimezone(UTC)}


@dataclass
class Books:
    """A database with documents, and the documents."""

    store: Store
    sealed: list[Sealed] = field(default_factory=list)

    def prepare(self) -> "Books":
        """The master data of the specimens."""
        with self.store.database.write() as connection:
            fill_master(connection, TILL, 1)
            table = master.party
            connection.execute(
                table.insert().values(org_id=ORG, party_id=VENDOR, code="V601", name="Gas Importers Ltd")
            )
            # At the centre a telephone lies closed.
            closed = privacy.of(connection).encrypt_text(ORG, privacy.PHONE, GOOD.phone)
            connection.execute(table.update().where(table.c.code == GOOD.code).values(phone=closed))
        return self

    def record(self, draft: Document) -> Document:
        """Record one document; gives it with its key."""
        made = self.store.journal().record_document(draft)
        self.sealed.append(made)
        return made.document

    def void(self, document: Document, **when: Any) -> None:
        """Take a document back, later."""
        import msgspec

        original = next(one for one in self.sealed if one.document is document)
        self.record(msgspec.structs.replace(void(original), **when))

    def ask(
        self,
        name: str,
        first: date | None,
        last: date,
        *,
        business: int | None = None,
        account: str = "",
        party: str = "",
        by_business: bool = False,
        **more: Any,
    ) -> Report:
        """A report of these books; `more` is what only some reports are asked."""
        made = REPORTS[name]
        with self.store.database.read() as connection:
            organisation = organisations.get(connection, ORG)
            assert organisation is not None
            businesses = chart_of_accounts.businesses(connection, ORG)
            question = Question(
                connection=connection,
                organisation=organisation,
                period=period(made.first_day(first, last), last, zone_of(organisation.time_zone)),
                business=None if business is None else businesses[business],
                account=account,
                party=party,
                by_business=by_business,
                **more,
            )
            return made.make(question)

    # --- plain sums ---------------------------------------------------------------------------------

    def within(self, first: date | None, last: date) -> list[Sealed]:
        """The documents of these local days."""
        found = []
        for one in self.sealed:
            day = one.document.occurred_at.astimezone(NAIROBI).date()
            if (first is None or first <= day) and day <= last:
                found.append(one)
        return found

    def account_sums(
        self, first: date | None, last: date, business: int | None = None, *, with_closings: bool = True
    ) -> dict[str, int]:
        """Base amounts by account, debit positive."""
        sums: dict[str, int] = defaultdict(int)
        for one in self.within(first, last):
            if not with_closings and is_closing(one.document):
                continue
            for line in one.posting.lines:
                if business in (None, line.business_id):
                    sums[line.account] += line.base_amount
        return {code: amount for code, amount in sums.items() if amount}

    def goods(self, first: date | None, last: date) -> Iterable[tuple[Document, Any, int]]:
        """Each goods line of a sale, refund, invoice or credit note: who recorded it, the line, its sign."""
        for one in self.within(first, last):
            content, sign = content_of(one.document)
            if isinstance(content, SOLD):
                for line in content.lines:
                    yield one.document, line, sign


def content_of(document: Document) -> tuple[Any, int]:
    """What a document is about, and +1 or -1 as sales count it."""
    if isinstance(document, Reversal):
        inner, sign = content_of(canonical.decode(bytes(document.original)))
        return inner, -sign
    return document, -1 if isinstance(document, Refund | CreditNote) else 1


def in_base(amount: int, rate_micro: int) -> int:
    """Minor units of a document's currency in base currency."""
    return divide_half_up(amount * rate_micro, RATE_ONE)


def is_closing(document: Document) -> bool:
    """Whether a document closed a year, or voids one that did."""
    content, _ = content_of(document)
    return getattr(content, "purpose", None) is EntryPurpose.YEAR_END


def written(store: Store) -> Books:
    """The books: two years' end, three businesses, two currencies, a void, a closing."""
    books = Books(store).prepare()
    # One hour before and one after the year begins in Nairobi; both in 2025 by UTC.
    books.record(specimens.sale(Item(50_000, product_id=1), **at(2025, 12, 31, 23, 30)))
    books.record(specimens.sale(Item(70_000, product_id=1), **at(2026, 1, 1, 0, 30)))
    books.record(
        journal_entry(
            entry_line("4100", round_net(50_000)),
            entry_line(account(R.RETAINED_EARNINGS), -round_net(50_000)),
            purpose=EntryPurpose.YEAR_END,
            description="Result of 2025",
            **at(2025, 12, 31, 23, 59),
        )
    )
    _sold(books)
    _owed(books)
    _bought(books)
    return books


def round_net(gross: int) -> int:
    """The net of a price that holds 16 % tax, as the specimens' line has it."""
    return specimens.goods([Item(gross)])[0].net


def _sold(books: Books) -> None:
    """Sales of three businesses, a refund, a void on the next day, one in dollars."""
    books.record(
        specimens.sale(
            Item(45_000, 2000, "V16", 1),
            Item(1_999, 1500, "V8", 2, 2, 99),
            Item(25_000, 1000, "X16", 6, 3, stocked=False),
            Item(333, 1000, "Z", 10),
            **at(2026, 11, 2, 8, 15),
        )
    )
    on_account = specimens.sale(
        Item(116_000, 1000, "V16", 1),
        tenders=[specimens.tender(TenderKind.ACCOUNT, 116_000)],
        party_id=CUSTOMER,
        **at(2026, 11, 3, 9, 59),
    )
    books.record(on_account)
    books.record(specimens.refund(Item(45_000, 1000, "V16", 1), **at(2026, 11, 4, 18, 0)))
    wrong = books.record(
        specimens.sale(Item(999_999, 1000, "V16", 3), person_id=43, **at(2026, 11, 5, 23, 45))
    )
    books.void(wrong, **at(2026, 11, 6, 0, 5))
    books.record(
        specimens.sale(
            Item(1_055, 3000, "V16", 1),
            Item(777, 1000, "V8", 5, 2),
            currency="USD",
            rate_micro=DOLLAR,
            **at(2026, 11, 7, 11, 0),
        )
    )
    # The first moment of the period; and one that came after later ones, from a till without a line.
    books.record(specimens.sale(Item(1_234, product_id=10), **at(2026, 11, 1, 0, 0)))
    books.record(specimens.sale(Item(4_321, product_id=10), **at(2026, 11, 2, 8, 0)))
    # After the period: none of the reports of November may see it.
    books.record(specimens.sale(Item(5_555, product_id=7), **at(2026, 11, 19, 0, 0)))


def _owed(books: Books) -> None:
    """Invoices of every age, in two currencies; one paid in part, one credited."""
    for days, due in enumerate((20261125, 20261110, 20261001, 20260910, 20260701), 1):
        made = books.record(invoice(Item(10_000 * days, code="X16"), due_on=due, **at(2026, 6, days, 10, 0)))
        if due == 20261001:
            part = allocation(5_000, made.document_id, due_on=due)
            books.record(allocated_payment(6_000, part, **at(2026, 11, 9, 10, 0)))
        if due == 20260910:
            books.record(
                credit_note(
                    Item(1_000, code="X16"),
                    invoice_id=made.document_id,
                    invoice_due_on=due,
                    **at(2026, 11, 10, 10, 0),
                )
            )
    books.record(
        invoice(
            Item(9_999, 3000, "X16"), due_on=20261020, currency="USD", rate_micro=DOLLAR, **at(2026, 10, 2)
        )
    )


def _bought(books: Books) -> None:
    """Goods received and valued, bills, an expense, tax paid, one bill in dollars."""
    books.record(goods_receipt((1, 10_000, 700), (2, 4_000, 999), **at(2026, 11, 2)))
    books.record(goods_receipt((5, 2_000, 400), business_id=2, **at(2026, 11, 2)))
    books.record(stock_valuation(valued(1, 3_000, 2_100), **at(2026, 11, 8)))
    rent = books.record(bill(bill_line(40_000), due_on=20261105, **at(2026, 10, 5)))
    books.record(
        vendor_payment(10_000, allocation(10_000, rent.document_id, due_on=20261105), **at(2026, 11, 11))
    )
    books.record(
        bill(
            bill_line(3_333, "X16"),
            bill_line(1_111, "V8", 2),
            currency="USD",
            rate_micro=DOLLAR,
            due_on=20261201,
            **at(2026, 11, 12),
        )
    )
    books.record(expense(bill_line(2_320, "V16", account="6200"), **at(2026, 11, 12)))
    books.record(
        journal_entry(
            entry_line(account(R.TAX_PAYABLE), 3_000),
            entry_line(account(R.BANK), -3_000),
            description="VAT of October",
            **at(2026, 11, 13),
        )
    )


def lines(section: Section) -> list[Row]:
    """The facts of a section."""
    return [row for row in section.rows if row.kind is RowKind.LINE]


def by_code(section: Section, column: int = -1) -> dict[Any, Any]:
    """One column of the facts, by the first."""
    return {row.cells[0]: row.cells[column] for row in lines(section)}


def last(section: Section) -> tuple[Any, ...]:
    """The cells of the last row."""
    return section.rows[-1].cells
