"""Money that settles: payments from customers, payments to vendors, and earlier money allocated."""

from collections.abc import Sequence

from pos_app.ledger.chart import AccountRole, AccountType
from pos_app.ledger.coins import Settles, settled_by
from pos_app.ledger.document import Document
from pos_app.ledger.errors import Refused
from pos_app.ledger.head import HeadFields
from pos_app.ledger.line import PartyRole, Tender, TenderKind
from pos_app.ledger.making import settlement as making_settlement
from pos_app.ledger.making.tenders import OtherMoney, TenderInput, tender, tender_reference
from pos_app.ledger.mpesa_code import alike
from pos_app.ledger.party_credit import Free, PartyCredit, without_items
from pos_app.ledger.settlement import Allocation, InvoiceChoice, base_of
from pos_app.office.allocating import Owed
from pos_app.office.books import Books, PostingDetails
from pos_app.office.office import Office
from pos_app.store.documents import used_codes
from pos_app.store.master import letterheads
from pos_app.store.master.codes import PartyCode
from pos_app.store.receivables import open_items
from pos_app.store.stock.recorded import Recorded

#: Which account money of a kind lies on in the office: cash is the safe's (see the room).
_ROLES = {
    TenderKind.CASH: AccountRole.SAFE,
    TenderKind.MPESA: AccountRole.MPESA,
    TenderKind.BANK: AccountRole.BANK,
    TenderKind.CARD: AccountRole.CARD,
}

#: Assets that are no place of money for the office: the cash of drawers is a drawer's.
NO_MONEY = frozenset(
    {
        AccountRole.CASH,
        AccountRole.RECEIVABLE,
        AccountRole.EMPLOYEE_ADVANCES,
        AccountRole.INVENTORY,
        AccountRole.CLEARING,
        AccountRole.EXCHANGE_CLEARING,
    }
)


def tenders(
    books: Books, paid: Sequence[TenderInput], business_id: int, day: int, *, purse: int = 0
) -> tuple[Tender, ...]:
    """What was paid, as a document keeps it, each with its account.

    M-Pesa lies in the `purse` of a business (0: the document's) where no account is named.  Raises `Refused`.
    """
    if not paid:
        raise Refused("payment-not-said")
    made = tuple(_tender(books, one, business_id, day, purse or business_id) for one in paid)
    codes = [one.reference for one in made if one.kind is TenderKind.MPESA]
    if len({alike(code) for code in codes}) < len(codes):
        raise Refused("mpesa-code-twice")
    for code in codes:
        need_unused(books, code)
    return made


def need_unused(books: Books, code: str) -> None:
    """Raise `Refused` for an M-Pesa code that a recorded document holds already: it is money once."""
    holder = used_codes.holder(books.connection, books.org_id, code)
    if holder is not None:
        raise Refused("mpesa-code-used", code=code, number=holder.number)


def _purse(books: Books, occasion: PostingDetails, allocations: Sequence[Allocation], own: int) -> int:
    """Whose M-Pesa it is: of the business whose invoices it all pays, unless the person named another."""
    whose = {one.business_id or own for one in allocations}
    if occasion.business or len(whose) != 1:
        return own
    business_id = whose.pop()
    seller = letterheads.sellers(books.connection, books.org_id)[business_id]
    return business_id if seller.mpesa_till or seller.mpesa_paybill else own


def _tender(books: Books, paid: TenderInput, business_id: int, day: int, purse: int) -> Tender:
    role = _ROLES.get(paid.kind)
    if role is None:
        raise Refused("tender-not-of-office", kind=paid.kind.value)
    whose = purse if paid.kind is TenderKind.MPESA and not paid.account else business_id
    code = books.account(role, whose)
    if paid.account:
        # M-Pesa may have come to another business's number; all else lies with the document's own.
        anywhere = paid.kind is TenderKind.MPESA and not paid.currency
        named = books.account_named(paid.account, None if anywhere else business_id)
        if named.type is not AccountType.ASSET or named.role in NO_MONEY:
            raise Refused("account-holds-no-money", code=named.code, name=named.name)
        code, whose = named.code, named.business_id or business_id
    if paid.currency and paid.settles is None:
        raise Refused("tender-settles-unsaid")
    rate = books.rate(paid.currency, day, paid.rate_micro) if paid.currency else 0
    return tender(
        books.accounts(business_id),
        paid.kind,
        paid.settled,
        account=code,
        reference=tender_reference(paid.kind, paid.reference),
        business_id=whose,
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
        owed = Owed(books, PartyRole.CUSTOMER, party.party_id, head["currency"], own)
        settles = _settled(books, owed, paid, wanted, head["currency"])
        allocations = _allocations(owed, settles.amount, wanted=wanted, prepay=prepay)
        purse = _purse(books, chosen, allocations, own)
        return making_settlement.payment(
            head,
            books.accounts(own),
            party_id=party.party_id,
            tenders=tenders(books, paid, own, books.day(chosen), purse=purse),
            allocations=allocations,
            rounding=settles.rounding,
            cash_step=books.organisation.cash_step,
        )

    chosen = occasion or PostingDetails()
    return office.record(chosen, build)


def _settled(
    books: Books,
    owed: Owed,
    paid: Sequence[TenderInput],
    wanted: Sequence[InvoiceChoice] | None,
    currency: str,
) -> Settles:
    """What money settles of what is open: coins of ours end what they can pay no nearer (see `coins`)."""
    return in_coins_of(books, paid, owed.total if wanted is None else owed.ended_by(wanted), currency)


def in_coins_of(books: Books, paid: Sequence[TenderInput], owed: int, currency: str) -> Settles:
    """What money settles of so much that is `owed`, either way, in minor units of a document's currency."""
    received = sum(one.settled for one in paid)
    if currency != books.organisation.currency.code:
        return Settles(received, 0)
    coins = sum(one.settled for one in paid if one.kind is TenderKind.CASH and not one.currency)
    return settled_by(received, coins, owed, books.organisation.cash_step)


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
        owed = Owed(books, PartyRole.VENDOR, party.party_id, head["currency"], own)
        settles = _settled(books, owed, paid, wanted, head["currency"])
        return making_settlement.vendor_payment(
            head,
            books.accounts(own),
            party_id=party.party_id,
            tenders=tenders(books, paid, own, books.day(chosen)),
            allocations=_allocations(owed, settles.amount, wanted=wanted, prepay=prepay),
            rounding=settles.rounding,
            cash_step=books.organisation.cash_step,
        )

    chosen = occasion or PostingDetails()
    return office.record(chosen, build)


def _allocations(
    owed: Owed, total: int, *, wanted: Sequence[InvoiceChoice] | None, prepay: bool
) -> tuple[Allocation, ...]:
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
    """Allocate credit and money that came before to the invoices named, or (None) as far as it goes.

    No money moves.  `from_deposit` takes it from the customer's deposit instead of their credit.
    Raises `Refused` when there is not so much of it.
    """
    chosen = occasion or PostingDetails()

    def build(books: Books) -> Document:
        found = books.party(party, role)
        head = books.head_fields(chosen)
        currency = head["currency"]
        source = PartyRole.DEPOSITOR if from_deposit else role
        own, credit = lies(books, found, source, head, is_said=bool(chosen.business))
        head |= {"business_id": own}
        owed = Owed(books, role, found.party_id, currency, own)
        allocations = owed.oldest(credit.amount) if wanted is None else owed.named(wanted)
        if not allocations:
            raise Refused("nothing-open-of-in", name=found.name, currency=currency)
        return making_settlement.settlement(
            head,
            books.accounts(own),
            party_id=found.party_id,
            role=role,
            credit=credit,
            allocations=allocations,
            out_of_deposit=from_deposit,
        )

    return office.record(chosen, build)


def lies(
    books: Books, party: PartyCode, role: PartyRole, head: HeadFields, *, is_said: bool
) -> tuple[int, PartyCredit]:
    """The business whose document uses what a party has with us, and how much of it that is.

    2026-11-21  A settlement takes the money out of the business that holds it: otherwise one business would
    give what another one has, without owing it for that.  That is the document's business where one was
    named, or else the one with the most of it; the invoices of others are paid over the clearing account.
    What stands on the account in another business without an invoice is paid first.

    2026-11-29  A credit that stands on an invoice is used in the business of that invoice, whosever document
    uses it; where a business was named, its own invoices alone.  Raises `Refused` where there is nothing.
    """
    asked = (books.connection, books.org_id, role, party.party_id, head["currency"])
    if role is PartyRole.DEPOSITOR:
        whole = without_items(open_items.deposited(books.connection, books.org_id, *asked[3:]))
        what = "deposit"
    else:
        whole, what = open_items.credit(*asked), "credit"
    found = open_items.free_of_businesses(*asked)
    holds = {business: free.amount for business, free in found.items()}
    for one in whole.items:
        holds[one.business_id] = holds.get(one.business_id, 0) + one.amount
    if not holds or not whole.amount:
        raise Refused("nothing-to-settle-with", what=what, name=party.name, currency=head["currency"])
    own = head["business_id"]
    if own not in holds:
        if is_said:
            raise Refused("money-in-other-business", what=what, name=party.name)
        own = max(holds, key=lambda business: (holds[business], -business))
    free = found.get(own, Free(0, 0))
    amount = min(free.amount, whole.free.amount)
    own_free = Free(amount, base_of(amount, free.amount, free.base_amount) if amount else 0)
    items = tuple(one for one in whole.items if not is_said or one.business_id == own)
    return own, PartyCredit(items, own_free, whole.most)
