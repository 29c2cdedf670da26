"""Money without goods: expenses, money to and from parties, transfers between our own places."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from pos_app.ledger.chart import PARTY_ACCOUNT, AccountRole, AccountType
from pos_app.ledger.currency import currency as find_currency
from pos_app.ledger.document import Document, Expense, MoneyTransfer, PartyMoney
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole
from pos_app.ledger.settlement import base_of
from pos_app.ledger.treasury import PAID_OUT, ROLE_OF, PartyReason
from pos_app.office import bills
from pos_app.office.bills import Cost
from pos_app.office.books import Books, PostingDetails
from pos_app.office.office import Made, Office
from pos_app.office.payments import Paid, tenders
from pos_app.store.balances import balances
from pos_app.store.master import codes
from pos_app.store.tables.projections import PARTY_BALANCE

#: Our own places by the words that people use for them.
PLACES = {
    "safe": AccountRole.SAFE,
    "bank": AccountRole.BANK,
    "mpesa": AccountRole.MPESA,
    "card": AccountRole.CARD,
}
_DRAWER = "drawer:"


class Exchanged(NamedTuple):
    """What arrives where money is exchanged: minor units of a currency, at a rate (None: the day's)."""

    amount: int
    currency: str
    rate_micro: int | None = None


def expense(
    office: Office,
    costs: Sequence[Cost],
    paid: Sequence[Paid],
    occasion: PostingDetails | None = None,
    *,
    vendor: str = "",
    reference: str = "",
    location: str = "",
) -> Made:
    """Something bought and paid at once.  Raises `Refused` with what to do."""
    occasion = occasion or PostingDetails()

    def build(books: Books) -> Document:
        party = books.party(vendor, PartyRole.VENDOR) if vendor else None
        head = books.head(Expense, occasion)
        own, day = head["business_id"], books.day(occasion)
        place = books.location(location, occasion.depot).location_id
        lines = bills.bill_lines(books, costs, place, day, own)
        subtotal, tax_total = sum(one.net for one in lines), sum(one.tax for one in lines)
        return Expense(
            **head,
            clearing_account=books.clearing(own, {line.business_id for line in lines}),
            party_id=None if party is None else party.party_id,
            lines=lines,
            subtotal=subtotal,
            tax_total=tax_total,
            total=subtotal + tax_total,
            tenders=tenders(books, paid, own, day),
            reference=reference.strip()[:100],
        )

    return office.record(occasion, build)


def party_money(
    office: Office,
    reason: PartyReason,
    party: str,
    paid: Sequence[Paid],
    occasion: PostingDetails | None = None,
) -> Made:
    """Money to or from an employee, a member, a depositor or a vendor; the reason says which way.

    Raises `Refused` for more than the party has with us.
    """
    occasion = occasion or PostingDetails()

    def build(books: Books) -> Document:
        role = ROLE_OF[reason]
        found = books.party(party, role)
        head = books.head(PartyMoney, occasion)
        own, currency = head["business_id"], head["currency"]
        total = sum(one.amount for one in paid)
        base = _base(books, role, found.party_id, currency, total) if _drawn(reason) else None
        return PartyMoney(
            **head,
            reason=reason,
            party_id=found.party_id,
            party_role=role,
            party_account=books.account(PARTY_ACCOUNT[role], own),
            total=total,
            tenders=tenders(books, paid, own, books.day(occasion)),
            base_amount=base,
            difference_account="" if base is None else books.difference(own, currency),
        )

    return office.record(occasion, build)


def _drawn(reason: PartyReason) -> bool:
    """Whether it goes back to a party whose money it was (an advance is ours)."""
    return reason in PAID_OUT and reason is not PartyReason.EMPLOYEE_ADVANCE


def _base(books: Books, role: PartyRole, party_id: int, currency: str, total: int) -> int | None:
    """What foreign money that goes back was worth when it came; None in the books' own currency."""
    if not books.is_foreign(currency):
        return None
    key = {"org_id": books.org_id, "party_role": role.value, "party_id": party_id, "currency": currency}
    held = balances.current(books.connection, PARTY_BALANCE, key)
    if held["amount"] >= 0:
        raise Refused("More is paid out than this party has with us; pay out no more than that.")
    return base_of(total, -held["amount"], -held["base_amount"])


def transfer(
    office: Office,
    from_: str,
    to: str,
    amount: int,
    occasion: PostingDetails | None = None,
    *,
    to_business: str = "",
    exchanged: Exchanged | None = None,
    reference: str = "",
) -> Made:
    """Move money between our own places: “safe”, “bank”, “mpesa”, “drawer:CODE” or an account's code.

    Raises `Refused` for a place that is none, and for the place that it comes from.
    """
    occasion = occasion or PostingDetails()

    def build(books: Books) -> Document:
        head = books.head(MoneyTransfer, occasion)
        own = head["business_id"]
        there = books.business(to_business) if to_business else own
        from_account, from_drawer = _place(books, from_, own)
        to_account, to_drawer = _place(books, to, there)
        return MoneyTransfer(
            **head,
            clearing_account=books.clearing(own, {there}),
            from_account=from_account,
            from_drawer=from_drawer,
            to_account=to_account,
            to_drawer=to_drawer,
            to_business_id=there if there != own else None,
            amount=amount,
            reference=reference.strip()[:100],
            **_exchange(books, exchanged, own, books.day(occasion)),
        )

    return office.record(occasion, build)


def _exchange(books: Books, exchanged: Exchanged | None, business_id: int, day: int) -> dict[str, Any]:
    if exchanged is None:
        return {}
    currency = find_currency(exchanged.currency).code
    return {
        "to_amount": exchanged.amount,
        "to_currency": currency,
        "to_rate_micro": books.rate(currency, day, exchanged.rate_micro),
        "exchange_account": books.account(AccountRole.EXCHANGE_CLEARING, business_id),
        "difference_account": books.account(AccountRole.EXCHANGE_DIFFERENCE, business_id),
    }


def _place(books: Books, name: str, business_id: int) -> tuple[str, int | None]:
    """The account and, for a drawer, its key."""
    word = name.strip()
    if word.lower() in PLACES:
        return books.account(PLACES[word.lower()], business_id), None
    if word.lower().startswith(_DRAWER):
        drawer = codes.drawer(books.connection, books.org_id, word[len(_DRAWER) :])
        if drawer is None:
            raise Refused(f"There is no drawer “{word[len(_DRAWER) :][:20]}”; check its code.")
        if drawer.business_id != business_id:
            raise Refused("The drawer is another business's; move the money between the businesses.")
        return books.account(AccountRole.CASH, business_id), drawer.drawer_id
    account = books.account_named(word, business_id)
    if account.type is not AccountType.ASSET or account.role in _NO_MONEY:
        raise Refused(f"No money lies on {account.code} ({account.name}); name a bank, a safe or a till.")
    return account.code, None


#: Assets that are no place of money.
_NO_MONEY = frozenset(
    {
        AccountRole.CASH,
        AccountRole.RECEIVABLE,
        AccountRole.EMPLOYEE_ADVANCES,
        AccountRole.INVENTORY,
        AccountRole.CLEARING,
        AccountRole.EXCHANGE_CLEARING,
    }
)
