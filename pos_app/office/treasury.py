"""Money without goods: expenses, money to and from parties and the owner, transfers between our own places.

Decisions
---------
2026-12-01  What the owner draws out of a drawer is the document that a till makes of it.  Out of the safe,
the bank or M-Pesa it is money moved to the account of drawings, and what they bring is money moved from their
capital: no new kind of document, and the account says in every report what it was.
"""

from collections.abc import Sequence
from typing import Final

from pos_app.ledger.chart import AccountRole, AccountType
from pos_app.ledger.currency import currency as find_currency
from pos_app.ledger.document import CashReason, Document
from pos_app.ledger.errors import Refused
from pos_app.ledger.exchange_rate import worth_of
from pos_app.ledger.line import PartyRole
from pos_app.ledger.making import drawer as making_drawer
from pos_app.ledger.making import treasury as making_treasury
from pos_app.ledger.making.tenders import OtherMoney, TenderInput
from pos_app.ledger.making.treasury import MoneyPlace, transfer_reference
from pos_app.ledger.money import grouped_text
from pos_app.ledger.totals import totals_of, with_tax
from pos_app.ledger.treasury import (
    CREDIT_BACK,
    DRAWN,
    MONEY_ROLE,
    ROLE_OF,
    Exchanged,
    MoneyAccount,
    PartyReason,
)
from pos_app.office import bills
from pos_app.office.bills import Cost
from pos_app.office.books import Books, PostingDetails
from pos_app.office.office import Office
from pos_app.office.payments import NO_MONEY, in_coins_of, lies, need_unused, tenders
from pos_app.store.master import codes
from pos_app.store.receivables import open_items
from pos_app.store.stock import drawers
from pos_app.store.stock.recorded import Recorded

#: Our own places by the words that people use for them.
_PLACES = {place.value: place for place in MoneyAccount if place is not MoneyAccount.DRAWER}
_DRAWER = "drawer:"
#: Owner's capital, as every chart of ours begins (`ledger.chart`).
CAPITAL: Final = "3100"


def expense(
    office: Office,
    costs: Sequence[Cost],
    paid: Sequence[TenderInput],
    occasion: PostingDetails | None = None,
    *,
    vendor: str = "",
    reference: str = "",
    location: str = "",
) -> Recorded:
    """Something bought and paid at once.  Raises `Refused` with what to do."""
    occasion = occasion or PostingDetails()

    def build(books: Books) -> Document:
        party = books.party(vendor, PartyRole.VENDOR) if vendor else None
        head = books.head_fields(occasion)
        own, day = head["business_id"], books.day(occasion)
        place = books.location(location, occasion.depot).location_id
        lines = bills.bill_lines(books, costs, place, day, own)
        settles = in_coins_of(books, paid, totals_of(with_tax(lines)).total, head["currency"])
        return making_treasury.expense(
            head,
            books.accounts(own),
            lines,
            tenders=tenders(books, paid, own, day),
            party_id=None if party is None else party.party_id,
            reference=reference,
            rounding=settles.rounding,
            cash_step=books.organisation.cash_step,
        )

    return office.record(occasion, build)


def party_money(
    office: Office,
    reason: PartyReason,
    party: str,
    paid: Sequence[TenderInput],
    occasion: PostingDetails | None = None,
) -> Recorded:
    """Money to or from an employee, a member, a depositor or a vendor; the reason says which way.

    Raises `Refused` for more than the party has with us.
    """
    occasion = occasion or PostingDetails()

    def build(books: Books) -> Document:
        role = ROLE_OF[reason]
        found = books.party(party, role)
        head = books.head_fields(occasion)
        credit = None
        if reason is PartyReason.EMPLOYEE_ADVANCE:
            _check_advance(books, found.party_id, sum(one.settled for one in paid), head["rate_micro"])
        if reason in CREDIT_BACK:
            own, credit = lies(books, found, role, head, is_said=bool(occasion.business))
            head |= {"business_id": own}
        own = head["business_id"]
        held = open_items.balance(books.connection, books.org_id, role, found.party_id, head["currency"])
        there = credit.amount if credit is not None else -held["amount"] if reason in DRAWN else 0
        settles = in_coins_of(books, paid, there, head["currency"])
        return making_treasury.party_money(
            head,
            books.accounts(own),
            reason=reason,
            party_id=found.party_id,
            tenders=tenders(books, paid, own, books.day(occasion)),
            held=(held["amount"], held["base_amount"]),
            credit=credit,
            rounding=settles.rounding,
            cash_step=books.organisation.cash_step,
        )

    return office.record(occasion, build)


def _check_advance(books: Books, party_id: int, amount: int, rate_micro: int) -> None:
    """Raise `Refused` for an advance beyond what the employee may draw, as at a till."""
    left = open_items.advance_left(books.connection, books.org_id, party_id)
    if worth_of(amount, rate_micro) > left:
        raise Refused("advance-above-limit", left=grouped_text(left, books.organisation.currency))


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
) -> Recorded:
    """Move money between our own places: “safe”, “bank”, “mpesa”, “drawer:CODE” or an account's code.

    Raises `Refused` for a place that is none, and for the place that it comes from.
    """
    occasion = occasion or PostingDetails()

    def build(books: Books) -> Document:
        head = books.head_fields(occasion)
        own = head["business_id"]
        there = books.business(to_business) if to_business else own
        start, end = _place(books, from_, own), _place(books, to, there)
        proof = _proof(books, reference, start, end)
        if start.drawer_id is not None:
            _check_drawer(books, start.drawer_id, amount, head["currency"])
        return making_treasury.money_transfer(
            head,
            books.accounts(own),
            start,
            end,
            amount,
            to_business_id=there,
            arrives=_arrives(books, exchanged, books.day(occasion)),
            reference=proof,
        )

    return office.record(occasion, build)


def owner_draws(
    office: Office, from_: str, amount: int, occasion: PostingDetails, *, reference: str = ""
) -> Recorded:
    """The owner takes money out of a place of ours (see `transfer`); what it is for stands in the note.

    Raises `Refused` without a note, and for more than lies in a drawer, a safe or a bank.
    """
    if amount <= 0:
        raise Refused("amount-not-positive")
    if not occasion.note.strip():
        raise Refused("cash-move-without-reason")

    def build(books: Books) -> Document:
        head = books.head_fields(occasion)
        own = head["business_id"]
        start = _place(books, from_, own)
        if start.drawer_id is not None:
            _check_drawer(books, start.drawer_id, amount, head["currency"])
            return making_drawer.cash_movement(
                head,
                books.accounts(own),
                drawer_id=start.drawer_id,
                reason=CashReason.DRAWING,
                amount=amount,
                business_id=own,
            )
        end = MoneyPlace(books.account(AccountRole.DRAWINGS, own), None, None)
        proof = _proof(books, reference, start, end)
        return making_treasury.money_transfer(
            head, books.accounts(own), start, end, amount, to_business_id=own, reference=proof
        )

    return office.record(occasion, build)


def owner_brings(
    office: Office,
    to: str,
    amount: int,
    occasion: PostingDetails,
    *,
    account: str = CAPITAL,
    reference: str = "",
) -> Recorded:
    """The owner puts money into a place of ours, on an account of equity that no document keeps by itself.

    Raises `Refused` for another account.
    """

    def build(books: Books) -> Document:
        head = books.head_fields(occasion)
        own = head["business_id"]
        found = books.account_named(account.strip() or CAPITAL, own)
        if found.type is not AccountType.EQUITY or found.role is not None:
            raise Refused("account-not-capital", code=found.code, name=found.name)
        start, end = MoneyPlace(found.code, None, None), _place(books, to, own)
        proof = _proof(books, reference, start, end)
        return making_treasury.money_transfer(
            head, books.accounts(own), start, end, amount, to_business_id=own, reference=proof
        )

    return office.record(occasion, build)


def _proof(books: Books, reference: str, start: MoneyPlace, end: MoneyPlace) -> str:
    """The reference of money that moves; an M-Pesa code counts once.  Raises `Refused`."""
    proof = transfer_reference(reference, start, end)
    if proof and MoneyAccount.MPESA in (start.place, end.place):
        need_unused(books, proof)
    return proof


def _check_drawer(books: Books, drawer_id: int, amount: int, currency: str) -> None:
    """Raise `Refused` for more than lies in a drawer, as the centre knows it."""
    held = drawers.holdings(books.connection, books.org_id, drawer_id).get(currency, 0)
    if amount > held:
        text = f"{currency} {grouped_text(held, find_currency(currency))}"
        raise Refused("drawer-holds-too-little", held=text)


def _arrives(books: Books, exchanged: Exchanged | None, day: int) -> OtherMoney | None:
    if exchanged is None:
        return None
    currency = find_currency(exchanged.currency or books.organisation.currency.code).code
    return OtherMoney(exchanged.amount, currency, books.rate(currency, day, exchanged.rate_micro))


def _place(books: Books, name: str, business_id: int) -> MoneyPlace:
    """A place of ours by its word, the drawer of a code, or an account's code."""
    word = name.strip()
    if word.lower() in _PLACES:
        place = _PLACES[word.lower()]
        return MoneyPlace(books.account(MONEY_ROLE[place], business_id), None, place)
    if word.lower().startswith(_DRAWER):
        drawer = codes.drawer(books.connection, books.org_id, word[len(_DRAWER) :])
        if drawer is None:
            raise Refused("drawer-unknown", code=word[len(_DRAWER) :][:20])
        if drawer.business_id != business_id:
            raise Refused("drawer-of-other-business")
        return MoneyPlace(books.account(AccountRole.CASH, business_id), drawer.drawer_id, MoneyAccount.DRAWER)
    account = books.account_named(word, business_id)
    if account.type is not AccountType.ASSET or account.role in NO_MONEY:
        raise Refused("account-holds-no-money", code=account.code, name=account.name)
    return MoneyPlace(account.code, None, MoneyAccount.MPESA if account.role is AccountRole.MPESA else None)
