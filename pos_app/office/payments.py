"""Money that settles: payments from customers, payments to vendors, and earlier money allocated."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from pos_app.ledger.chart import AccountRole, AccountType
from pos_app.ledger.document import Document, Payment, Settlement, VendorPayment
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole, Tender, TenderKind
from pos_app.ledger.settlement import Allocation, base_of
from pos_app.office.allocating import Owed, Wanted
from pos_app.office.books import Books, PostingDetails
from pos_app.office.office import Made, Office
from pos_app.store.documents import documents
from pos_app.store.master.codes import PartyCode
from pos_app.store.receivables import outstanding
from pos_app.store.receivables.outstanding import Free

#: Which account money of a kind lies on in the office: cash is the safe's (see the room).
_ROLES = {
    TenderKind.CASH: AccountRole.SAFE,
    TenderKind.MPESA: AccountRole.MPESA,
    TenderKind.BANK: AccountRole.BANK,
    TenderKind.CARD: AccountRole.CARD,
}


class Paid(NamedTuple):
    """Money of one kind: `amount` in the document's currency; `account` is a code, not the usual one.

    Where other money changed hands, `paid` minor units of `currency` are what did.
    """

    kind: TenderKind
    amount: int
    reference: str = ""
    account: str = ""
    paid: int = 0
    currency: str = ""
    rate_micro: int | None = None


def tenders(books: Books, paid: Sequence[Paid], business_id: int, day: int) -> tuple[Tender, ...]:
    """What was paid, as a document keeps it, each with its account.  Raises `Refused`."""
    if not paid:
        raise Refused("Say how it is paid: cash, mpesa, bank or card, and how much.")
    return tuple(_tender(books, one, business_id, day) for one in paid)


def _tender(books: Books, one: Paid, business_id: int, day: int) -> Tender:
    role = _ROLES.get(one.kind)
    if role is None:
        raise Refused(f"“{one.kind.value}” is no money of the office; take cash, mpesa, bank or card.")
    code = books.account(role, business_id)
    if one.account:
        named = books.account_named(one.account, business_id)
        if named.type is not AccountType.ASSET:
            raise Refused(f"No money lies on {named.code} ({named.name}); name a bank, a safe or a till.")
        code = named.code
    made = Tender(kind=one.kind, amount=one.amount, account=code, reference=one.reference.strip()[:40])
    if not one.currency:
        return made
    return msgspec.structs.replace(
        made,
        paid=one.paid,
        paid_currency=one.currency,
        paid_rate_micro=books.rate(one.currency, day, one.rate_micro),
        exchange_account=books.account(AccountRole.EXCHANGE_CLEARING, business_id),
        difference_account=books.account(AccountRole.EXCHANGE_DIFFERENCE, business_id),
    )


def receive(
    office: Office,
    customer: str,
    paid: Sequence[Paid],
    wanted: Sequence[Wanted] | None = None,
    occasion: PostingDetails | None = None,
    *,
    prepay: bool = False,
) -> Made:
    """A customer pays: the invoices named, or (None) what is due first first.

    Raises `Refused` for more than is open, unless `prepay` says that the rest stays to their credit.
    """

    def build(books: Books) -> Document:
        party = books.party(customer, PartyRole.CUSTOMER)
        head = books.head(Payment, chosen)
        total, own = sum(one.amount for one in paid), head["business_id"]
        allocations = _allocations(
            books, PartyRole.CUSTOMER, party.party_id, head, total=total, wanted=wanted, prepay=prepay
        )
        references = [one.reference.strip() for one in paid if one.kind is TenderKind.MPESA]
        _refuse_used(books, references)
        return Payment(
            **head,
            clearing_account=books.clearing(own, {one.business_id for one in allocations}),
            party_id=party.party_id,
            receivable_account=books.account(AccountRole.RECEIVABLE, own),
            total=total,
            tenders=tenders(books, paid, own, books.day(chosen)),
            allocations=allocations,
            difference_account=_difference(books, head, allocations),
        )

    chosen = occasion or PostingDetails()
    return office.record(build, on=chosen.on)


def pay_vendor(
    office: Office,
    vendor: str,
    paid: Sequence[Paid],
    wanted: Sequence[Wanted] | None = None,
    occasion: PostingDetails | None = None,
    *,
    prepay: bool = False,
) -> Made:
    """We pay a vendor: see `receive`."""

    def build(books: Books) -> Document:
        party = books.party(vendor, PartyRole.VENDOR)
        head = books.head(VendorPayment, chosen)
        total, own = sum(one.amount for one in paid), head["business_id"]
        allocations = _allocations(
            books, PartyRole.VENDOR, party.party_id, head, total=total, wanted=wanted, prepay=prepay
        )
        return VendorPayment(
            **head,
            clearing_account=books.clearing(own, {one.business_id for one in allocations}),
            party_id=party.party_id,
            payable_account=books.account(AccountRole.PAYABLE, own),
            total=total,
            tenders=tenders(books, paid, own, books.day(chosen)),
            allocations=allocations,
            difference_account=_difference(books, head, allocations),
        )

    chosen = occasion or PostingDetails()
    return office.record(build, on=chosen.on)


def _allocations(
    books: Books,
    role: PartyRole,
    party_id: int,
    head: dict[str, Any],
    *,
    total: int,
    wanted: Sequence[Wanted] | None,
    prepay: bool,
) -> tuple[Allocation, ...]:
    owed = Owed(books, role, party_id, head["currency"], head["business_id"])
    # First what is named: that an invoice is another party's says more than that it is too much.
    named = None if wanted is None else owed.named(wanted)
    if not prepay:
        wrong = owed.too_much(total)
        if wrong:
            raise Refused(wrong)
    return owed.oldest(total) if named is None else named


def _difference(books: Books, head: dict[str, Any], allocations: Sequence[Allocation]) -> str:
    return books.difference(head["business_id"], head["currency"]) if allocations else ""


def _refuse_used(books: Books, references: Sequence[str]) -> None:
    """An M-Pesa code is money once."""
    for one in references:
        if one and documents.reference_used(books.connection, books.org_id, one) is not None:
            raise Refused(f"The code {one[:20]} was used before; ask for another.")


def settle(
    office: Office,
    party: str,
    wanted: Sequence[Wanted] | None = None,
    occasion: PostingDetails | None = None,
    *,
    role: PartyRole = PartyRole.CUSTOMER,
    from_deposit: bool = False,
) -> Made:
    """Allocate money that came before to the invoices named, or (None) as far as it goes; no money moves.

    `from_deposit` takes it from the customer's deposit instead of their unallocated money.
    Raises `Refused` when there is not so much of it.
    """
    chosen = occasion or PostingDetails()

    def build(books: Books) -> Document:
        found = books.party(party, role)
        head = books.head(Settlement, chosen)
        currency = head["currency"]
        source = PartyRole.DEPOSITOR if from_deposit else role
        own, (free, free_base) = _lies(books, found, source, head, is_said=bool(chosen.business))
        head |= {"business_id": own}
        owed = Owed(books, role, found.party_id, currency, own)
        allocations = owed.oldest(free) if wanted is None else owed.named(wanted)
        total = sum(one.amount for one in allocations)
        if not allocations:
            raise Refused(f"Nothing is open of {found.name} in {currency}.")
        account = AccountRole.RECEIVABLE if role is PartyRole.CUSTOMER else AccountRole.PAYABLE
        return Settlement(
            **head,
            clearing_account=books.clearing(own, {one.business_id for one in allocations}),
            party_id=found.party_id,
            party_role=role,
            account=books.account(account, own),
            deposit_account=books.account(AccountRole.CUSTOMER_DEPOSITS, own) if from_deposit else "",
            total=total,
            base_amount=base_of(total, free, free_base),
            allocations=allocations,
            difference_account=books.difference(own, currency),
        )

    return office.record(build, on=chosen.on)


def _lies(
    books: Books, party: PartyCode, role: PartyRole, head: dict[str, Any], *, is_said: bool
) -> tuple[int, Free]:
    """The business in which money of a party lies free, and how much of it, at what it was worth then.

    2026-11-21  A settlement takes the money out of the business that holds it: otherwise one business would
    give what another one has, without owing it for that.  That is the document's business where one was
    named, or else the one with the most of it; the invoices of others are paid over the clearing account.
    What stands on the account in another business without an invoice is paid first.  Raises `Refused`.
    """
    asked = (books.connection, books.org_id, role, party.party_id, head["currency"])
    found = outstanding.free_of_businesses(*asked)
    whole = (
        outstanding.deposited(books.connection, books.org_id, party.party_id, head["currency"])
        if role is PartyRole.DEPOSITOR
        else outstanding.unallocated(*asked)
    )
    what = "deposit" if role is PartyRole.DEPOSITOR else "unallocated money"
    if not found or whole.amount <= 0:
        raise Refused(f"There is no {what} of {party.name} in {head['currency']} to settle with.")
    own = head["business_id"]
    if own not in found:
        if is_said:
            raise Refused(f"The {what} of {party.name} lies in another business; settle it from there.")
        own = max(found, key=lambda business: (found[business].amount, -business))
    free = found[own]
    amount = min(free.amount, whole.amount)
    return own, Free(amount, base_of(amount, free.amount, free.base_amount))
