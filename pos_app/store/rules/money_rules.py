"""What only the books can judge of money: whose invoice it is, how much is open, what a party has with us.

Asked by `book_rules`, which says what holds where.
"""

from typing import Final, NamedTuple

from sqlalchemy import text

from pos_app.language import said
from pos_app.ledger.document import (
    Bill,
    CreditNote,
    Document,
    Invoice,
    PartyMoney,
    Payment,
    Settlement,
    VendorCredit,
    VendorPayment,
    WriteOff,
)
from pos_app.ledger.line import PartyRole
from pos_app.ledger.treasury import PAID_OUT, PartyReason
from pos_app.store.balances import balances
from pos_app.store.rules.books import Books, sum_upon
from pos_app.store.tables.projections import OPEN_INVOICE, PARTY_BALANCE


class Allocated(NamedTuple):
    """An open invoice or bill as a document names it, and how much it takes off."""

    business_id: int
    role: PartyRole
    party_id: int
    invoice_id: int
    due_on: int
    amount: int


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


def identity(books: Books, document: Document) -> str:
    """Why an invoice or a bill that a document takes from is not what it says, in a sentence; else empty."""
    for named in allocations_of(document):
        wrong = _not_theirs(books, document, named)
        if wrong:
            return wrong
    return ""


def _not_theirs(books: Books, document: Document, named: Allocated) -> str:
    what = "invoice" if named.role is PartyRole.CUSTOMER else "bill"
    wanted = (*named[:5], document.currency)
    if wanted in books.items:
        return ""
    known = books.open_items(named.invoice_id)
    known += [item for item in books.items if item[3] == named.invoice_id]
    if wanted in known:
        return ""
    if not known:
        return said("named-not-in-books", what=what)
    if all(one[1:3] != wanted[1:3] for one in known):
        return said("named-of-other-party", what=what)
    if all(one[5] != document.currency for one in known):
        return said("named-in-other-currency", what=what, theirs=known[0][5], own=document.currency)
    if all(one[4] != named.due_on for one in known):
        return said("named-due-otherwise", what=what)
    return said("named-of-other-business", what=what)


def more_than_open(books: Books, document: Payment | VendorPayment | Settlement | WriteOff) -> str:
    """Why a document takes more from an invoice or a bill than is open of it; else empty."""
    for named in allocations_of(document):
        open_amount = _open_amount(books, document.currency, named)
        if named.amount > open_amount:
            what = "invoice" if named.role is PartyRole.CUSTOMER else "bill"
            if open_amount <= 0:
                return said("nothing-open-of-kind", what=what)
            return said("allocated-more-than-open-of", what=what)
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


def settlement_refusal(books: Books, document: Settlement) -> str:
    """Why money that came before cannot settle so much; else empty."""
    wrong = more_than_open(books, document)
    if wrong:
        return wrong
    if document.deposit_account:
        free = -_balance(books, PartyRole.DEPOSITOR, document.party_id, document.currency)
        return "" if document.total <= free else said("deposit-too-small")
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
    return "" if document.total <= free else said("not-so-much-unallocated")


def _balance(books: Books, role: PartyRole, party_id: int, currency: str) -> int:
    key = {"org_id": books.org_id, "party_role": role.value, "party_id": party_id, "currency": currency}
    return balances.current(books.connection, PARTY_BALANCE, key)["amount"]


def credit_refusal(books: Books, document: CreditNote | VendorCredit) -> str:
    """Why a credit is more than is left; else empty.

    It may come after the money, but all credits together take no more than there was.
    """
    (named,) = allocations_of(document)
    invoice = books.document(named.invoice_id)
    if isinstance(invoice, Invoice | Bill):
        before = -sum_upon(books, "total", named.invoice_id, ("credit_note", "vendor_credit"))
        if before + document.total > invoice.total:
            return said("credit-more-than-document")
        return ""
    # An invoice of another terminal, or an opening balance: no more is known than what is open.
    if document.total > _open_amount(books, document.currency, named):
        return said("credit-more-than-open")
    return ""


#: What goes out of a party's own money.
_DRAWN: Final = frozenset(
    {PartyReason.MEMBER_WITHDRAWAL, PartyReason.MEMBER_SHARE_RETURN, PartyReason.CUSTOMER_DEPOSIT_RETURN}
)


def party_refusal(books: Books, document: PartyMoney) -> str:
    """Why so much is not paid out of a party's own money; else empty."""
    if document.reason not in _DRAWN & PAID_OUT:
        return ""
    held = -_balance(books, document.party_role, document.party_id, document.currency)
    if document.total > held:
        return said("paid-out-more-than-held")
    return ""


def void_refusal(books: Books, original: Invoice | Bill) -> str:
    """Why an invoice or a bill cannot be voided: something was paid or credited on it; else empty."""
    role = PartyRole.CUSTOMER if isinstance(original, Invoice) else PartyRole.VENDOR
    named = Allocated(
        original.business_id,
        role,
        original.party_id,
        original.document_id,
        original.due_on,
        original.total,
    )
    if _open_amount(books, original.currency, named) != original.total:
        return said("paid-or-credited-already")
    return ""
