"""What only the books can judge of money: whose invoice it is, how much is open, what a party has with us.

Asked by `book_rules`, which says what holds where.
"""

from typing import Final, NamedTuple

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
from pos_app.ledger.treasury import CREDIT_BACK, DRAWN, PAID_OUT
from pos_app.store.balances import balances
from pos_app.store.receivables import open_items
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


def credits_of(document: Document) -> list[Allocated]:
    """The invoices and bills whose credit a document uses."""
    if not isinstance(document, Settlement | PartyMoney):
        return []
    return [
        Allocated(
            one.business_id or document.business_id,
            document.party_role,
            document.party_id,
            one.invoice_id,
            one.due_on,
            one.amount,
        )
        for one in document.credits
    ]


def identity(books: Books, document: Document) -> str:
    """Why an invoice or a bill that a document names is not what it says, in a sentence; else empty."""
    for named in (*allocations_of(document), *credits_of(document)):
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


def payment_refusal(books: Books, document: Payment | VendorPayment) -> str:
    """Why a payment takes too much, or is rounded to coins where it leaves something open; else empty."""
    wrong = more_than_open(books, document)
    if wrong or not document.rounding:
        return wrong
    named = allocations_of(document)
    ends = all(one.amount == _open_amount(books, document.currency, one) for one in named)
    return "" if ends else said("rounding-of-a-part")


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
    return _credit_refusal(books, document)


def _credit_refusal(books: Books, document: Settlement | PartyMoney) -> str:
    """Why a party has not so much credit as a document uses; else empty."""
    for named in credits_of(document):
        if named.amount > -_open_amount(books, document.currency, named):
            return said("credit-used-already")
    role, party = document.party_role, document.party_id
    there = open_items.credit(books.connection, books.org_id, role, party, document.currency)
    without_item = document.total - sum(one.amount for one in document.credits)
    if document.total > there.amount or without_item > there.free.amount:
        return said("not-so-much-unallocated")
    return ""


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


#: What a party has lying with us, and draws on.
_KEPT: Final = frozenset({PartyRole.MEMBER, PartyRole.SHAREHOLDER, PartyRole.DEPOSITOR})


def party_refusal(books: Books, document: PartyMoney) -> str:
    """Why so much is not given back of a party's money, or of ours that lies with them; else empty."""
    asked = (books, document.party_role, document.party_id, document.currency)
    wrong, ends = "", {0}
    if document.reason in CREDIT_BACK:
        wrong, ends = _credit_refusal(books, document), _credits(books, document)
    elif document.reason in DRAWN:
        held = -_balance(*asked)
        wrong = said("paid-out-more-than-held") if document.total > held else ""
        ends = {held}
    # Coins are rounded where they end it: a part is what was handed over.
    return wrong or (said("rounding-of-a-part") if document.rounding and document.total not in ends else "")


def _credits(books: Books, document: PartyMoney) -> set[int]:
    """What ends a party's credit: all of it, or all that lies in one business (see `payments.lies`)."""
    asked = (books.connection, books.org_id, document.party_role, document.party_id, document.currency)
    there, own = open_items.credit(*asked), document.business_id
    lies = open_items.free_of_businesses(*asked).get(own)
    free = 0 if lies is None else min(lies.amount, there.free.amount)
    whole = sum(one.amount for one in there.items)
    here = sum(one.amount for one in there.items if one.business_id == own)
    return {there.amount, min(whole + free, there.most), min(here + free, there.most)}


def used_refusal(books: Books, original: Payment | VendorPayment | PartyMoney) -> str:
    """Why money that came cannot be voided: it was used since; else empty.

    What stands on no invoice stands for nothing any more when the money goes, so that what used it is voided
    first.  Of a payment only what no invoice took counts: an invoice itself is open again.
    """
    if isinstance(original, PartyMoney):
        if original.reason in PAID_OUT or original.party_role not in _KEPT:
            return ""
        held = -_balance(books, original.party_role, original.party_id, original.currency)
        return said("money-used-since") if original.total > held else ""
    rest = original.total - sum(one.amount for one in original.allocations)
    role = original.party_role if isinstance(original, Payment) else PartyRole.VENDOR
    asked = (books.connection, books.org_id, role, original.party_id, original.currency)
    if rest <= max(open_items.unallocated(*asked).amount, 0):
        return ""
    # What is missing may have paid for what stands on the account without an invoice: that stays owed.
    return said("money-used-since") if open_items.was_drawn(*asked, since=original.document_id) else ""


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
