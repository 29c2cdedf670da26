"""The rules that only the books can judge, and the two questions that are asked of them.

`refusal` is asked inside the transaction that records (the journal's guard), so that nothing comes in between
on this side.  `refusal_at_centre` is the smaller question that the centre asks of what a terminal sends.
`money_rules`, `goods_rules`, `service_rules` and `chit_rules` know the answers.

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

2026-11-29  The same holds of credit: two tills that were offline and each used (or paid out) a customer's
last 300.00 did so rightly by what they knew, and goods and cash are gone.  The centre takes both, and what
was used twice is open again on the invoice where the credit stood: the customer owes it, the ageing and the
tills show it, and no credit is left.  A payment whose money settled invoices or was paid out is not voided
before that is; a credit note or an allocation is, because its invoice is then open by just what was used.

2026-11-21  A till does not have every document.  What is on its way to its depot the feed brings, with what
came of it (`open_orders_till`), and by that it is judged; an order or a transfer that the till knows nothing
of is judged at the centre alone.  An invoice is judged by its open amount, which came with the balances.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

from sqlalchemy import Connection

from pos_app.language import said
from pos_app.ledger.bank_bag import BagBanked, BankBag
from pos_app.ledger.document import (
    Bill,
    CreditNote,
    Document,
    GoodsReceipt,
    Invoice,
    LandedCost,
    PartyMoney,
    Payment,
    Refund,
    Reversal,
    Sale,
    ServiceOrder,
    ServiceStep,
    Settlement,
    TransferReceived,
    VendorCredit,
    VendorPayment,
    WriteOff,
)
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import TenderKind
from pos_app.store.documents.rows import Sealed
from pos_app.store.master import periods
from pos_app.store.master.periods import Locks
from pos_app.store.rules import (
    bag_rules,
    chit_rules,
    code_rules,
    deposit_rules,
    goods_rules,
    money_rules,
    points_rules,
    purse_rules,
    service_rules,
    way_rules,
)
from pos_app.store.rules.books import Books, sum_upon
from pos_app.store.rules.books import of as books_of


def refusal(connection: Connection, document: Document) -> str:
    """Why a document may not be recorded, in a sentence; empty when it may."""
    books = books_of(connection, document.org_id)
    books.wait_for_others([document])
    chit_rules.wait_for_others(connection, [document])
    wrong = periods.refusal(document, Locks.load(connection, document.org_id))
    if not wrong and not _is_plain(document):
        wrong = _identity(books, document) or _amount(books, document)
    return wrong or code_rules.refusal(books, document) or purse_rules.refusal(books, document)


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
    books, locks = books_of(connection, org_id), Locks.load(connection, org_id)
    books.wait_for_others([one.document for one in batch])
    chit_rules.wait_for_others(connection, [one.document for one in batch])
    if not locks.through and all(_is_by_itself(one.document) for one in batch):
        return ""
    for one in batch:
        wrong = ""
        if locks.through or not _is_by_itself(one.document):
            wrong = periods.refusal(one.document, locks) or _identity(books, one.document)
            if not wrong and not decided:
                wrong = (
                    goods_rules.refusal(books, one.document)
                    or service_rules.refusal(books, one.document)
                    or chit_rules.refusal(books, one.document)
                    or bag_rules.refusal(books, one.document)
                )
        if wrong:
            return wrong
        books.note(one)
    return ""


def _is_by_itself(document: Document) -> bool:
    """Whether it names nothing that the books must know: a sale of no order, with no chit."""
    return (
        isinstance(document, Sale)
        and document.order_id is None
        and all(line.chit is None for line in document.lines)
        and all(tender.chit is None for tender in document.tenders)
    )


#: Money of which the books know nothing that could be too little: what else pays is asked about.
_PLAIN_MONEY: Final = frozenset({TenderKind.CASH, TenderKind.MPESA, TenderKind.BANK, TenderKind.CARD})


def _is_plain(document: Document) -> bool:
    """Whether it is a sale of which the books have nothing to say, as most documents are."""
    if not isinstance(document, Sale) or not _is_by_itself(document):
        return False
    return all(one.kind in _PLAIN_MONEY for one in document.tenders)


def _identity(books: Books, document: Document) -> str:
    check = _IDENTITY.get(type(document))
    return (
        money_rules.identity(books, document)
        or chit_rules.identity(books, document)
        or ("" if check is None else check(books, document))
    )


_IDENTITY: Final[dict[type, Callable[[Books, Any], str]]] = {
    GoodsReceipt: goods_rules.receipt_identity,
    TransferReceived: goods_rules.transfer_identity,
    LandedCost: goods_rules.landed_identity,
    Sale: service_rules.collection_identity,
    Invoice: service_rules.collection_identity,
    ServiceStep: service_rules.step_identity,
    BagBanked: bag_rules.identity,
}


def _amount(books: Books, document: Document) -> str:
    check = _AMOUNT.get(type(document))
    return (
        ("" if check is None else check(books, document))
        or chit_rules.refusal(books, document)
        or bag_rules.refusal(books, document)
        or chit_rules.expired(books, document)
        or chit_rules.for_no_goods(document)
        or points_rules.refusal(books, document)
        or deposit_rules.refusal(books, document)
    )


def _void_refusal(books: Books, document: Reversal) -> str:
    original = books.document(document.original_id)
    if isinstance(original, Invoice | Bill):
        wrong = money_rules.void_refusal(books, original)
        if wrong:
            return wrong
    if isinstance(original, Payment | VendorPayment | PartyMoney):
        wrong = money_rules.used_refusal(books, original)
        if wrong:
            return wrong
    if isinstance(original, GoodsReceipt | ServiceOrder):
        kinds = ("landed_cost", "sale", "invoice", "service_step")
        if sum_upon(books, "1", original.document_id, kinds):
            return said(goods_rules.BUILT_UPON)
    return goods_rules.refusal(books, document)


_AMOUNT: Final[dict[type, Callable[[Books, Any], str]]] = {
    Payment: money_rules.payment_refusal,
    VendorPayment: money_rules.payment_refusal,
    WriteOff: money_rules.more_than_open,
    Settlement: money_rules.settlement_refusal,
    CreditNote: money_rules.credit_refusal,
    VendorCredit: money_rules.credit_refusal,
    GoodsReceipt: goods_rules.refusal,
    TransferReceived: goods_rules.refusal,
    PartyMoney: money_rules.party_refusal,
    Refund: way_rules.refund_refusal,
    Sale: service_rules.refusal,
    Invoice: service_rules.refusal,
    ServiceStep: service_rules.ready_refusal,
    BankBag: bag_rules.known,
    Reversal: _void_refusal,
}
