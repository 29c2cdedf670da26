"""The rules that only the books can judge: whose invoice it is, how much is open, is the period locked.

`refusal` is asked inside the transaction that records (the journal's guard), so that nothing comes in between
on this side.  `foreign` is the smaller question that the centre asks of what a terminal sends.

Decisions
---------
2026-11-21  Two kinds of rules.  A rule of *identity* says that a document speaks of something that is not so:
an allocation to another party's invoice, a receipt of an order that nobody made, a date in a locked period.
Such a document is wrong wherever it was made; the centre puts it into quarantine.  A rule of *amount* (more
paid than is open, more credited than was billed) holds where it is recorded and not at the centre: two tills
that were offline each took the customer's last instalment, and both did so rightly by what they knew.  The
money lies in two drawers; a book that keeps it out is the wrong one.  The centre takes both, the open amount
goes below zero, and there it stands for everybody to see: the ageing shows it as a credit of the customer,
which the next invoice or a repayment settles.

2026-11-21  Goods are not money: what came of an order or of a transfer is judged at the centre as well.  Two
tills of a depot that were offline and each received the same ten pieces counted one delivery twice far more
often than they got twenty, and nothing on a shelf shows the second ten; a book that takes both pays the
vendor twice.  The first that reaches the centre stands, the second waits in quarantine with a sentence until
two people have looked on the shelf: they accept it (more came than was ordered) or reject it.  The same holds
for the void of an order or a transfer of which something came, and for what comes of one that was voided.

2026-11-21  A void of an invoice on which something was paid is refused where it is recorded and not at the
centre: the money was taken.

2026-11-21  A till does not have every document.  What is on its way to its depot the feed brings, with what
came of it (`on_its_way`), and by that it is judged; an order or a transfer that the till knows nothing of is
judged at the centre alone.  An invoice is judged by its open amount, which came with the balances.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, text

from pos_app.ledger.document import (
    Bill,
    CreditNote,
    Document,
    GoodsReceipt,
    Invoice,
    LandedCost,
    PartyMoney,
    Payment,
    PurchaseOrder,
    Reversal,
    Sale,
    ServiceOrder,
    ServiceStep,
    Settlement,
    TransferReceived,
    TransferSent,
    VendorCredit,
    VendorPayment,
    WriteOff,
)
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import OpenItem, PartyRole
from pos_app.ledger.treasury import PAID_OUT, PartyReason
from pos_app.store.balances import balances
from pos_app.store.documents import documents
from pos_app.store.documents.rows import Sealed
from pos_app.store.master import periods
from pos_app.store.master.periods import Locks
from pos_app.store.orders import open_orders, open_orders_till
from pos_app.store.rules import goods_rules, service_rules
from pos_app.store.tables.projections import OPEN_INVOICE, PARTY_BALANCE


class Allocated(NamedTuple):
    """An open invoice or bill as a document names it, and how much it takes off."""

    business_id: int
    role: PartyRole
    party_id: int
    invoice_id: int
    due_on: int
    amount: int


@dataclass
class Books:
    """What is asked: the database, and the documents of a batch that come before but are not written yet."""

    connection: Connection
    org_id: int
    items: set[tuple[int, PartyRole, int, int, int, str]] = field(default_factory=set)
    here: dict[int, Document] = field(default_factory=dict)

    @property
    def is_till(self) -> bool:
        """Whether some documents may lie at the centre only."""
        return self.connection.dialect.name == "sqlite"

    def note(self, sealed: Sealed) -> None:
        """A document of the batch that was judged and comes before the next ones."""
        document = sealed.document
        self.here[document.document_id] = document
        self.items |= {
            (
                item.business_id,
                item.party_role,
                item.party_id,
                item.invoice_id,
                item.due_on,
                document.currency,
            )
            for item in sealed.posting.open_items
            if _opens(item, document)
        }

    def document(self, document_id: int) -> Document | None:
        """A document of the batch or of the books."""
        found = self.here.get(document_id) or documents.get(self.connection, self.org_id, document_id)
        if found is None and self.is_till:
            return open_orders_till.document(self.connection, self.org_id, document_id)
        return found


def refusal(connection: Connection, document: Document) -> str:
    """Why a document may not be recorded, in a sentence; empty when it may."""
    books = Books(connection, document.org_id)
    _wait_for_others(books, [document])
    return (
        periods.refusal(document, Locks.load(connection, document.org_id))
        or _identity(books, document)
        or _amount(books, document)
    )


def guard(connection: Connection, document: Document) -> None:
    """Raise `Refused` for a document that may not be recorded: what a journal asks (see `Journal`)."""
    sentence = refusal(connection, document)
    if sentence:
        raise Refused(sentence)


def refusal_at_centre(
    connection: Connection, org_id: int, batch: Sequence[Sealed], *, decided: bool = False
) -> str:
    """Why the first document of a batch that breaks a rule which holds at the centre cannot be booked; else
    empty.  With `decided` two people took it upon them that more came than was to come.
    """
    books, locks = Books(connection, org_id), Locks.load(connection, org_id)
    _wait_for_others(books, [one.document for one in batch])
    for one in batch:
        wrong = periods.refusal(one.document, locks) or _identity(books, one.document)
        if not wrong and not decided:
            wrong = goods_rules.refusal(books, one.document) or service_rules.refusal(books, one.document)
        if wrong:
            return wrong
        books.note(one)
    return ""


def _wait_for_others(books: Books, batch: Sequence[Document]) -> None:
    """At the centre: who judges what came of an order waits for who changes it, until that one commits."""
    if not books.is_till:
        open_orders.lock(books.connection, books.org_id, open_orders.touched(batch))


def _opens(item: OpenItem, document: Document) -> bool:
    return item.invoice_id == document.document_id


# --- identity -----------------------------------------------------------------------------------------


def allocations_of(document: Document) -> list[Allocated]:
    """The invoices and bills that a document takes from."""
    match document:
        case CreditNote():
            return [
                Allocated(
                    document.invoice_business_id or document.business_id,
                    PartyRole.CUSTOMER,
                    document.party_id,
                    document.invoice_id,
                    document.invoice_due_on,
                    document.total,
                )
            ]
        case VendorCredit():
            return [
                Allocated(
                    document.bill_business_id or document.business_id,
                    PartyRole.VENDOR,
                    document.party_id,
                    document.bill_id,
                    document.bill_due_on,
                    document.total,
                )
            ]
        case Payment() | Settlement():
            role = document.party_role
        case VendorPayment():
            role = PartyRole.VENDOR
        case WriteOff():
            role = PartyRole.CUSTOMER
        case _:
            return []
    return [
        Allocated(
            one.business_id or document.business_id,
            role,
            document.party_id,
            one.invoice_id,
            one.due_on,
            one.amount,
        )
        for one in document.allocations
    ]


def _identity(books: Books, document: Document) -> str:
    for named in allocations_of(document):
        wrong = _not_theirs(books, document, named)
        if wrong:
            return wrong
    check = _IDENTITY.get(type(document))
    return "" if check is None else check(books, document)


def _not_theirs(books: Books, document: Document, named: Allocated) -> str:
    what = "invoice" if named.role is PartyRole.CUSTOMER else "bill"
    wanted = (*named[:5], document.currency)
    if wanted in books.items:
        return ""
    # At the centre the document itself is asked; a till may know no more of it than what is open.
    table, opener = ("open_invoice", "") if books.is_till else ("open_item", " AND document_id = :invoice")
    found = books.connection.execute(
        text(
            f"SELECT business_id, party_role, party_id, invoice_id, due_on, currency FROM {table}"
            f" WHERE org_id = :org AND invoice_id = :invoice{opener}"
        ),
        {"org": books.org_id, "invoice": named.invoice_id},
    ).all()
    known = [(int(row[0]), row[1], int(row[2]), int(row[3]), int(row[4]), str(row[5])) for row in found]
    known += [item for item in books.items if item[3] == named.invoice_id]
    if wanted in known:
        return ""
    if not known:
        return f"The {what} that it names is not in the books."
    if all(one[1:3] != wanted[1:3] for one in known):
        return f"The {what} that it names is another party's; choose one of this party's."
    if all(one[5] != document.currency for one in known):
        return (
            f"The {what} is in {known[0][5]} and this document in {document.currency}; settle it in its own."
        )
    if all(one[4] != named.due_on for one in known):
        return f"The {what} that it names is due on another day; read it again."
    return f"The {what} that it names is another business's; read it again."


def _receipt_identity(books: Books, document: GoodsReceipt) -> str:
    if document.order_id is None:
        return ""
    order = books.document(document.order_id)
    if order is None:
        return "" if books.is_till else "The order that it names is not in the books."
    if not isinstance(order, PurchaseOrder):
        return "What it names as its order is none."
    if order.party_id != document.party_id:
        return "The order that it names is another vendor's."
    for line in document.lines:
        if line.order_line is None:
            continue
        if not 0 <= line.order_line < len(order.lines):
            return "It names a line that the order does not have."
        if order.lines[line.order_line].product_id != line.product_id:
            return "A product of it is not the one on the order's line."
    return ""


def _transfer_identity(books: Books, document: TransferReceived) -> str:
    sent = books.document(document.sent_id)
    if sent is None:
        return "" if books.is_till else "The transfer that it names is not in the books."
    if not isinstance(sent, TransferSent):
        return "What it names as its transfer is none."
    if (sent.transit_location, sent.to_location) != (document.transit_location, document.to_location):
        return "The transfer that it names went to another place."
    products = {line.product_id for line in sent.lines}
    if any(line.product_id not in products for line in document.lines):
        return "A product of it was not in the transfer."
    return ""


def _landed_identity(books: Books, document: LandedCost) -> str:
    receipt = books.document(document.receipt_id)
    if receipt is None:
        return "" if books.is_till else "The receipt that it names is not in the books."
    return "" if isinstance(receipt, GoodsReceipt) else "What it names as its receipt is none."


_IDENTITY: Final[dict[type, Callable[[Books, Any], str]]] = {
    GoodsReceipt: _receipt_identity,
    TransferReceived: _transfer_identity,
    LandedCost: _landed_identity,
    Sale: service_rules.collection_identity,
    Invoice: service_rules.collection_identity,
    ServiceStep: service_rules.step_identity,
}


# --- amounts ------------------------------------------------------------------------------------------


def _amount(books: Books, document: Document) -> str:
    check = _AMOUNT.get(type(document))
    return "" if check is None else check(books, document)


def _more_than_open(books: Books, document: Payment | VendorPayment | Settlement | WriteOff) -> str:
    for named in allocations_of(document):
        open_amount = _open_amount(books, document.currency, named)
        if named.amount > open_amount:
            what = "invoice" if named.role is PartyRole.CUSTOMER else "bill"
            if open_amount <= 0:
                return f"Nothing is open of the {what} any more; allocate the money to another one."
            return f"More is allocated to the {what} than is open of it; allocate no more than that."
    return ""


def _open_amount(books: Books, currency: str, named: Allocated) -> int:
    key = {
        "org_id": books.org_id,
        "party_role": named.role.value,
        "party_id": named.party_id,
        "business_id": named.business_id,
        "invoice_id": named.invoice_id,
        "due_on": named.due_on,
        "currency": currency,
    }
    return balances.current(books.connection, OPEN_INVOICE, key)["amount"]


def _settlement_amount(books: Books, document: Settlement) -> str:
    wrong = _more_than_open(books, document)
    if wrong:
        return wrong
    if document.deposit_account:
        free = -_balance(books, PartyRole.DEPOSITOR, document.party_id, document.currency)
        return "" if document.total <= free else "The deposit is smaller than what it should settle."
    role = document.party_role
    open_ = int(
        books.connection.execute(
            text(
                "SELECT coalesce(sum(amount), 0) FROM open_invoice WHERE org_id = :org"
                " AND party_role = :role AND party_id = :party AND currency = :currency"
            ),
            {
                "org": books.org_id,
                "role": role.value,
                "party": document.party_id,
                "currency": document.currency,
            },
        ).scalar_one()
    )
    owed = _balance(books, role, document.party_id, document.currency)
    free = open_ - owed if role is PartyRole.CUSTOMER else open_ + owed
    return "" if document.total <= free else "There is not so much unallocated money of this party."


def _balance(books: Books, role: PartyRole, party_id: int, currency: str) -> int:
    key = {"org_id": books.org_id, "party_role": role.value, "party_id": party_id, "currency": currency}
    return balances.current(books.connection, PARTY_BALANCE, key)["amount"]


def _credit_amount(books: Books, document: CreditNote | VendorCredit) -> str:
    """A credit may come after the money, but all credits together take no more than there was."""
    (named,) = allocations_of(document)
    invoice = books.document(named.invoice_id)
    if isinstance(invoice, Invoice | Bill):
        before = -_sum(books, "total", named.invoice_id, ("credit_note", "vendor_credit"))
        if before + document.total > invoice.total:
            return "The credit is more than is left of what it takes from; correct its lines."
        return ""
    # An invoice of another terminal, or an opening balance: no more is known than what is open.
    if document.total > _open_amount(books, document.currency, named):
        return "The credit is more than is open of what it takes from; correct its lines."
    return ""


def _sum(books: Books, column: str, original_id: int, kinds: tuple[str, ...]) -> int:
    marks = ", ".join(f"'{kind}'" for kind in kinds)
    return int(
        books.connection.execute(
            text(
                f"SELECT coalesce(sum({column}), 0) FROM document AS d WHERE org_id = :org"
                f" AND original_id = :original AND kind IN ({marks}) AND {_NOT_VOIDED}"
            ),
            {"org": books.org_id, "original": original_id},
        ).scalar_one()
    )


_NOT_VOIDED: Final = (
    "NOT EXISTS (SELECT 1 FROM document AS r WHERE r.org_id = d.org_id AND r.reverses_id = d.document_id)"
)


#: What goes out of a party's own money.
_DRAWN: Final = frozenset(
    {PartyReason.MEMBER_WITHDRAWAL, PartyReason.MEMBER_SHARE_RETURN, PartyReason.CUSTOMER_DEPOSIT_RETURN}
)


def _party_amount(books: Books, document: PartyMoney) -> str:
    if document.reason not in _DRAWN & PAID_OUT:
        return ""
    held = -_balance(books, document.party_role, document.party_id, document.currency)
    if document.total > held:
        return "More is paid out than this party has with us; pay out no more than that."
    return ""


def _void_amount(books: Books, document: Reversal) -> str:
    original = books.document(document.original_id)
    if isinstance(original, Invoice | Bill):
        named = Allocated(
            original.business_id,
            PartyRole.CUSTOMER if isinstance(original, Invoice) else PartyRole.VENDOR,
            original.party_id,
            original.document_id,
            original.due_on,
            original.total,
        )
        if _open_amount(books, original.currency, named) != original.total:
            return "Something was paid or credited on it already; void that first, or write a credit."
    if isinstance(original, GoodsReceipt | ServiceOrder):
        kinds = ("landed_cost", "sale", "invoice", "service_step")
        if _sum(books, "1", original.document_id, kinds):
            return goods_rules.BUILT_UPON
    return goods_rules.refusal(books, document)


_AMOUNT: Final[dict[type, Callable[[Books, Any], str]]] = {
    Payment: _more_than_open,
    VendorPayment: _more_than_open,
    WriteOff: _more_than_open,
    Settlement: _settlement_amount,
    CreditNote: _credit_amount,
    VendorCredit: _credit_amount,
    GoodsReceipt: goods_rules.refusal,
    TransferReceived: goods_rules.refusal,
    PartyMoney: _party_amount,
    Sale: service_rules.refusal,
    Invoice: service_rules.refusal,
    ServiceStep: service_rules.ready_refusal,
    Reversal: _void_amount,
}
