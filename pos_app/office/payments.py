"""Money that settles: payments from customers, payments to vendors, and earlier money allocated."""

from collections.abc import Sequence

from pos_app.ledger.chart import AccountRole, AccountType
from pos_app.ledger.document import Document
from pos_app.ledger.errors import Refused
from pos_app.ledger.head import HeadFields
from pos_app.ledger.line import PartyRole, Tender, TenderKind
from pos_app.ledger.making import settlement as making_settlement
from pos_app.ledger.making.tenders import OtherMoney, TenderInput, tender, tender_reference
from pos_app.ledger.settlement import Allocation, InvoiceChoice, base_of
from pos_app.office.allocating import Owed
from pos_app.office.books import Books, PostingDetails
from pos_app.office.office import Office
from pos_app.store.documents import documents
from pos_app.store.master.codes import PartyCode
from pos_app.store.receivables import open_items
from pos_app.store.receivables.open_items import Free
from pos_app.store.stock.recorded import Recorded

#: Which account money of a kind lies on in the office: cash is the safe's (see the room).
_ROLES = {
    TenderKind.CASH: AccountRole.SAFE,
    TenderKind.MPESA: AccountRole.MPESA,
    TenderKind.BANK: AccountRole.BANK,
    TenderKind.CARD: AccountRole.CARD,
}


def tenders(books: Books, paid: Sequence[TenderInput], business_id: int, day: int) -> tuple[Tender, ...]:
    """What was paid, as a document keeps it, each with its account.  Raises `Refused`."""
    if not paid:
        raise Refused("payment-not-said")
    made = tuple(_tender(books, one, business_id, day) for one in paid)
    codes = [one.reference for one in made if one.kind is TenderKind.MPESA]
    if len(set(codes)) < len(codes):
        raise Refused("mpesa-code-twice")
    for code in codes:
        need_unused(books, code)
    return made


def need_unused(books: Books, code: str) -> None:
    """Raise `Refused` for an M-Pesa code that a recorded document carries already: it is money once."""
    if documents.reference_used(books.connection, books.org_id, code) is not None:
        raise Refused("office-code-used", code=code)


def _tender(books: Books, paid: TenderInput, business_id: int, day: int) -> Tender:
    role = _ROLES.get(paid.kind)
    if role is None:
        raise Refused("tender-not-of-office", kind=paid.kind.value)
    code = books.account(role, business_id)
    if paid.account:
        named = books.account_named(paid.account, business_id)
        if named.type is not AccountType.ASSET:
            raise Refused("account-holds-no-money", code=named.code, name=named.name)
        code = named.code
    if paid.currency and paid.settles is None:
        raise Refused("tender-settles-unsaid")
    rate = books.rate(paid.currency, day, paid.rate_micro) if paid.currency else 0
    return tender(
        books.accounts(business_id),
        paid.kind,
        paid.settled,
        account=code,
        reference=tender_reference(paid.kind, paid.reference),
        exchanged=OtherMoney(paid.amount, paid.currency, rate) if paid.currency else None,
    )


def receive(
    office: Office,
    customer: str,
    paid: Sequence[TenderInput],
    wanted: Sequence[InvoiceChoice] | None = None,
    occasion: PostingDetails | None = None,
    *,
    prepay: bool = False,
) -> Recorded:
    """A customer pays: the invoices named, or (None) what is due first first.

    Raises `Refused` for more than is open, unless `prepay` says that the rest stays to their credit.
    """

    def build(books: Books) -> Document:
        party = books.party(customer, PartyRole.CUSTOMER)
        head = books.head_fields(chosen)
        own = head["business_id"]
        return making_settlement.payment(
            head,
            books.accounts(own),
            party_id=party.party_id,
            tenders=tenders(books, paid, own, books.day(chosen)),
            allocations=_allocations(
                books, PartyRole.CUSTOMER, party.party_id, head, paid, wanted=wanted, prepay=prepay
            ),
        )

    chosen = occasion or PostingDetails()
    return office.record(chosen, build)


def pay_vendor(
    office: Office,
    vendor: str,
    paid: Sequence[TenderInput],
    wanted: Sequence[InvoiceChoice] | None = None,
    occasion: PostingDetails | None = None,
    *,
    prepay: bool = False,
) -> Recorded:
    """We pay a vendor: see `receive`."""

    def build(books: Books) -> Document:
        party = books.party(vendor, PartyRole.VENDOR)
        head = books.head_fields(chosen)
        own = head["business_id"]
        return making_settlement.vendor_payment(
            head,
            books.accounts(own),
            party_id=party.party_id,
            tenders=tenders(books, paid, own, books.day(chosen)),
            allocations=_allocations(
                books, PartyRole.VENDOR, party.party_id, head, paid, wanted=wanted, prepay=prepay
            ),
        )

    chosen = occasion or PostingDetails()
    return office.record(chosen, build)


def _allocations(
    books: Books,
    role: PartyRole,
    party_id: int,
    head: HeadFields,
    paid: Sequence[TenderInput],
    *,
    wanted: Sequence[InvoiceChoice] | None,
    prepay: bool,
) -> tuple[Allocation, ...]:
    total = sum(one.settled for one in paid)
    owed = Owed(books, role, party_id, head["currency"], head["business_id"])
    # First what is named: that an invoice is another party's says more than that it is too much.
    named = None if wanted is None else owed.named(wanted)
    if not prepay:
        wrong = owed.too_much(total)
        if wrong:
            raise Refused(wrong)
    return owed.oldest(total) if named is None else named


def settle(
    office: Office,
    party: str,
    wanted: Sequence[InvoiceChoice] | None = None,
    occasion: PostingDetails | None = None,
    *,
    role: PartyRole = PartyRole.CUSTOMER,
    from_deposit: bool = False,
) -> Recorded:
    """Allocate money that came before to the invoices named, or (None) as far as it goes; no money moves.

    `from_deposit` takes it from the customer's deposit instead of their unallocated money.
    Raises `Refused` when there is not so much of it.
    """
    chosen = occasion or PostingDetails()

    def build(books: Books) -> Document:
        found = books.party(party, role)
        head = books.head_fields(chosen)
        currency = head["currency"]
        source = PartyRole.DEPOSITOR if from_deposit else role
        own, free = _lies(books, found, source, head, is_said=bool(chosen.business))
        head |= {"business_id": own}
        owed = Owed(books, role, found.party_id, currency, own)
        allocations = owed.oldest(free.amount) if wanted is None else owed.named(wanted)
        if not allocations:
            raise Refused("nothing-open-of-in", name=found.name, currency=currency)
        return making_settlement.settlement(
            head,
            books.accounts(own),
            party_id=found.party_id,
            role=role,
            free=free,
            allocations=allocations,
            out_of_deposit=from_deposit,
        )

    return office.record(chosen, build)


def _lies(
    books: Books, party: PartyCode, role: PartyRole, head: HeadFields, *, is_said: bool
) -> tuple[int, Free]:
    """The business in which money of a party lies free, and how much of it, at what it was worth then.

    2026-11-21  A settlement takes the money out of the business that holds it: otherwise one business would
    give what another one has, without owing it for that.  That is the document's business where one was
    named, or else the one with the most of it; the invoices of others are paid over the clearing account.
    What stands on the account in another business without an invoice is paid first.  Raises `Refused`.
    """
    asked = (books.connection, books.org_id, role, party.party_id, head["currency"])
    found = open_items.free_of_businesses(*asked)
    whole = (
        open_items.deposited(books.connection, books.org_id, party.party_id, head["currency"])
        if role is PartyRole.DEPOSITOR
        else open_items.unallocated(*asked)
    )
    what = "deposit" if role is PartyRole.DEPOSITOR else "unallocated money"
    if not found or whole.amount <= 0:
        raise Refused("nothing-to-settle-with", what=what, name=party.name, currency=head["currency"])
    own = head["business_id"]
    if own not in found:
        if is_said:
            raise Refused("money-in-other-business", what=what, name=party.name)
        own = max(found, key=lambda business: (found[business].amount, -business))
    free = found[own]
    amount = min(free.amount, whole.amount)
    return own, Free(amount, base_of(amount, free.amount, free.base_amount))
