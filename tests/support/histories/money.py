"""Random money: payments and settlements, the drawer, money with parties, transfers, entries by hand."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from pos_app.ledger.bank_bag import BagBanked, BankBag
from pos_app.ledger.chart import PARTY_ACCOUNT
from pos_app.ledger.document import CashReason, Document
from pos_app.ledger.head import Head
from pos_app.ledger.journal_entry import EntryLine, EntryPurpose
from pos_app.ledger.line import PartyRole
from pos_app.ledger.settlement import Allocation, Share, base_of
from pos_app.ledger.treasury import CREDIT_BACK, PAID_OUT, ROLE_OF, PartyReason
from tests.support.documents import book_specimens as books
from tests.support.documents import specimens
from tests.support.documents.book_specimens import R
from tests.support.documents.specimens import BUSINESSES, account
from tests.support.histories import chits
from tests.support.histories.clerk import (
    BASE,
    CUSTOMERS,
    DOLLAR,
    DRAWERS,
    EMPLOYEES,
    MEMBERS,
    ONE,
    RATES,
    VENDORS,
    Clerk,
    Item,
    altered,
)

_PARTIES: Final[dict[PartyRole, Sequence[int]]] = {
    PartyRole.CUSTOMER: CUSTOMERS,
    PartyRole.DEPOSITOR: CUSTOMERS,
    PartyRole.VENDOR: VENDORS,
    PartyRole.EMPLOYEE: EMPLOYEES,
    PartyRole.MEMBER: MEMBERS,
    PartyRole.SHAREHOLDER: MEMBERS,
}


def _of_one_party(clerk: Clerk, role: PartyRole) -> list[Item]:
    """What is open of one party in one currency."""
    found = clerk.open(role)
    if not found:
        return []
    one = clerk.choices.pick(found)
    return [item for item in found if (item.party_id, item.currency) == (one.party_id, one.currency)]


def _all_ended(items: list[Item], allocations: tuple[Allocation, ...]) -> bool:
    """Whether nothing is left open of what is paid."""
    opens = {(one.invoice_id, one.due_on): one.amount for one in items}
    return all(one.amount == opens[one.invoice_id, one.due_on] for one in allocations)


def _payment(clerk: Clerk) -> Document | None:
    """Of open invoices, or of nothing in particular."""
    choose = clerk.choices
    items = [] if choose.now_and_then(4) else _of_one_party(clerk, PartyRole.CUSTOMER)
    head = clerk.head(items[0].currency if items else None)
    allocations = clerk.allocations(items, head["business_id"]) if items else ()
    total = sum(one.amount for one in allocations)
    rounding = 0
    if not total or choose.now_and_then(3):
        total += clerk.amount(300_000)
    elif _all_ended(items, allocations) and choose.now_and_then(2):
        rounding = choose.number(-min(99, total), 99)
    change = choose.number(1, 5_000) if choose.now_and_then(4) else 0
    return altered(
        books.allocated_payment(total, *allocations),
        **head,
        **clerk.money(head, total + rounding, change=change),
        rounding=rounding,
        rounding_account=account(R.ROUNDING) if rounding else "",
        cash_step=100 if rounding else 1,
        party_id=items[0].party_id if items else choose.pick(CUSTOMERS),
    )


def _vendor_payment(clerk: Clerk) -> Document | None:
    choose = clerk.choices
    items = [] if choose.now_and_then(4) else _of_one_party(clerk, PartyRole.VENDOR)
    head = clerk.head(items[0].currency if items else None)
    allocations = clerk.allocations(items, head["business_id"]) if items else ()
    total = sum(one.amount for one in allocations)
    if not total or choose.now_and_then(3):
        total += clerk.amount(300_000)
    return altered(
        books.vendor_payment(total, *allocations),
        **head,
        tenders=clerk.money(head, total)["tenders"],
        party_id=items[0].party_id if items else choose.pick(VENDORS),
    )


def _free(clerk: Clerk, items: list[Item], role: PartyRole) -> tuple[int, int]:
    """The unallocated money of the party of these items, and what it was worth when it came."""
    one = items[0]
    amount, base = clerk.balance(role, one.party_id, one.currency)
    sign = -1 if role is PartyRole.VENDOR else 1
    open_items = [
        figures
        for key, figures in clerk.model.figures("open_invoice").items()
        if (key[1], key[2], key[6]) == (role.value, one.party_id, one.currency)
    ]
    return (
        sum(figures[0] for figures in open_items) - sign * amount,
        sum(figures[1] for figures in open_items) - sign * base,
    )


def _settlement(clerk: Clerk) -> Document | None:
    """Money that came before settles invoices: out of what lies unallocated, or out of a deposit."""
    choose = clerk.choices
    role = choose.pick((PartyRole.CUSTOMER, PartyRole.VENDOR))
    items = _of_one_party(clerk, role)
    if not items:
        return None
    deposit = role is PartyRole.CUSTOMER and choose.now_and_then(2)
    if deposit:
        held = clerk.balance(PartyRole.DEPOSITOR, items[0].party_id, items[0].currency)
        free, free_base = -held[0], -held[1]
    else:
        free, free_base = _free(clerk, items, role)
        used = _settled_by_credit(clerk, items, free)
        if used is not None:
            return used
    if free <= 0 or free_base < 0:
        return None
    head = clerk.head(items[0].currency)
    allocations = clerk.allocations(items, head["business_id"])
    total = sum(one.amount for one in allocations)
    if total > free:
        item = choose.pick(items)
        amount = min(free, item.amount)
        allocations = (_whole(clerk, item, head, amount),)
        total = amount
    holder = PartyRole.DEPOSITOR if deposit else role
    return altered(
        books.settlement(*allocations, deposit=deposit),
        **head,
        shares=_shares(clerk, (holder, items[0].party_id), head, total),
        party_id=items[0].party_id,
        party_role=role,
        account=account(PARTY_ACCOUNT[role]),
        base_amount=base_of(total, free, free_base),
    )


def _shares(
    clerk: Clerk, party: tuple[PartyRole, int], head: dict[str, Any], total: int
) -> tuple[Share, ...]:
    """What other businesses hold of a party's money leaves them, or some of it."""
    sign, shares = 1 if party[0] is PartyRole.VENDOR else -1, []
    for key, figures in clerk.model.figures("party_in_business").items():
        held, base = sign * figures[0], sign * figures[1]
        elsewhere = key[1:3] == (party[0].value, party[1]) and key[3] != head["business_id"]
        if elsewhere and key[4] == head["currency"] and min(held, total) > 0 and base >= 0:
            amount = clerk.choices.number(1, min(held, total))
            share_base = base_of(amount, held, base)
            shares.append(Share(business_id=key[3], amount=amount, base_amount=share_base))
            total -= amount
    return tuple(shares)


def _settled_by_credit(clerk: Clerk, items: list[Item], free: int) -> Document | None:
    """One invoice settled by what stands to the party's credit on others, where there is enough of it."""
    one = clerk.choices.pick(items)
    credit = clerk.credit(one.role, one.party_id, one.currency)
    most = min(sum(each.amount for each in credit) + min(free, 0), one.amount)
    if most <= 0:
        return None
    head = clerk.head(one.currency)
    used = _of_credit(clerk, credit, clerk.choices.number(1, most), head["business_id"])
    total = sum(each.amount for each in used)
    return altered(
        books.settlement(_whole(clerk, one, head, total), credits_=used),
        **head,
        party_id=one.party_id,
        party_role=one.role,
        account=account(PARTY_ACCOUNT[one.role]),
        base_amount=sum(each.base_amount for each in used),
    )


def _of_credit(clerk: Clerk, credit: list[Item], total: int, business: int) -> tuple[Allocation, ...]:
    """So much of a party's credit, one invoice after the other."""
    used = []
    for item in credit:
        amount = min(total, item.amount)
        if amount <= 0:
            break
        total -= amount
        used.append(
            Allocation(
                invoice_id=item.invoice_id,
                due_on=item.due_on,
                amount=amount,
                base_amount=item.share(amount),
                business_id=0 if item.business_id == business else item.business_id,
            )
        )
    return tuple(used)


def _whole(clerk: Clerk, item: Item, head: dict[str, Any], amount: int) -> Allocation:
    """One allocation of just so much."""
    (made,) = clerk.allocations([item], head["business_id"])
    return altered(made, amount=amount, base_amount=item.share(amount))


def _write_off(clerk: Clerk) -> Document | None:
    items = _of_one_party(clerk, PartyRole.CUSTOMER)
    if not items:
        return None
    head = clerk.head(items[0].currency)
    allocations = clerk.allocations(items, head["business_id"])
    return altered(books.write_off(*allocations), **head, party_id=items[0].party_id)


# --- the drawer -----------------------------------------------------------------------------------


def _drawer(clerk: Clerk) -> dict[str, Any]:
    head = clerk.head()
    return head | {
        "drawer_id": clerk.choices.pick(DRAWERS),
        "cash_account": account(R.CASH, head["business_id"]),
    }


def _cash_movement(clerk: Clerk) -> Document | None:
    reason = clerk.choices.pick(list(CashReason))
    return altered(specimens.cash_movement(reason, clerk.amount(500_000)), **_drawer(clerk))


def _drawer_open(clerk: Clerk) -> Document | None:
    return altered(specimens.drawer_open(clerk.amount(500_000) - 1), **_drawer(clerk))


def _drawer_close(clerk: Clerk) -> Document | None:
    counted, expected = clerk.amount(900_000) - 1, clerk.choices.number(-1_000, 900_000)
    return altered(
        specimens.drawer_close(counted, expected),
        **_drawer(clerk),
        removed=clerk.choices.number(0, counted),
    )


# --- parties, transfers, entries ------------------------------------------------------------------

#: What is paid out of what a party has with us.
_DRAWN: Final = (
    PartyReason.MEMBER_WITHDRAWAL,
    PartyReason.MEMBER_SHARE_RETURN,
    PartyReason.CUSTOMER_DEPOSIT_RETURN,
)


def _party_money(clerk: Clerk) -> Document | None:
    choose = clerk.choices
    reason, head = choose.pick(list(PartyReason)), clerk.head()
    role = ROLE_OF[reason]
    party, total = choose.pick(_PARTIES[role]), clerk.amount(400_000)
    base: int | None = None
    amount, in_base = clerk.balance(role, party, head["currency"])
    if reason in CREDIT_BACK:
        return _credit_back(clerk, reason, party, head)
    if reason in _DRAWN:
        if amount >= 0 or in_base > 0:
            return None
        total = min(total, -amount)
        # What goes back went in at another rate.
        base = base_of(total, -amount, -in_base) if head["currency"] != BASE else None
    change = choose.number(1, 900) if reason not in PAID_OUT and choose.now_and_then(4) else 0
    return altered(
        books.party_money(reason, total),
        **head,
        **clerk.money(head, total, change=change),
        party_id=party,
        base_amount=base,
        difference_account="" if base is None else account(R.EXCHANGE_DIFFERENCE),
        shares=_shares(clerk, (role, party), head, total) if reason in _DRAWN and base is None else (),
    )


def _credit_back(clerk: Clerk, reason: PartyReason, party: int, head: dict[str, Any]) -> Document | None:
    """What stands to a customer's credit on invoices is paid out, or what a vendor owes us comes back."""
    role, currency = ROLE_OF[reason], head["currency"]
    credit = clerk.credit(role, party, currency)
    item = Item(role, party, 0, 0, currency, 0, 0, 0)
    most = sum(each.amount for each in credit) + min(_free(clerk, [item], role)[0], 0)
    if most <= 0:
        return None
    used = _of_credit(clerk, credit, clerk.choices.number(1, most), head["business_id"])
    total = sum(each.amount for each in used)
    base = sum(each.base_amount for each in used) if currency != BASE else None
    return altered(
        books.party_money(reason, total),
        **head,
        **clerk.money(head, total),
        party_id=party,
        credits=used,
        base_amount=base,
        difference_account="" if base is None else account(R.EXCHANGE_DIFFERENCE),
    )


def _money_transfer(clerk: Clerk) -> Document | None:
    choose, head = clerk.choices, clerk.head()
    amount, business = clerk.amount(900_000), head["business_id"]
    where: dict[str, Any] = {"from_account": account(R.CASH, business), "from_drawer": choose.pick(DRAWERS)}
    if choose.now_and_then(2):
        where = {"from_account": account(R.BANK), "from_drawer": None}
    to = choose.pick((None, *BUSINESSES))
    there = business if to is None else to
    if choose.now_and_then(3):
        where |= {"to_account": account(R.MPESA, there), "to_drawer": None}
    else:
        where |= {"to_account": account(R.SAFE), "to_drawer": choose.pick((None, *DRAWERS))}
    if there == business and choose.now_and_then(2):
        other = DOLLAR if head["currency"] == BASE else BASE
        where |= {
            "to_amount": clerk.amount(100_000),
            "to_currency": other,
            "to_rate_micro": ONE if other == BASE else choose.pick(RATES),
            "exchange_account": account(R.EXCHANGE_CLEARING),
            "difference_account": account(R.EXCHANGE_DIFFERENCE),
        }
    return books.money_transfer(amount, **(head | where | {"to_business_id": to}))


def _bank_bag(clerk: Clerk) -> Document | None:
    # No bag has the number of one that is on its way; so many documents there never are twice.
    return books.bank_bag(clerk.amount(900_000), **clerk.head(), bag=f"KCB{len(clerk.standing(Head)):07d}")


def _bags(clerk: Clerk) -> list[BankBag]:
    """Those that did not arrive yet."""
    arrived = {one.bag_id for one in clerk.standing(BagBanked)}
    return [one for one in clerk.standing(BankBag) if one.document_id not in arrived]


def _bag_banked(clerk: Clerk) -> Document | None:
    choose = clerk.choices
    bag = choose.pick(_bags(clerk))
    arrived = bag.amount if choose.now_and_then(2) else choose.number(0, bag.amount + 500)
    same = {name: getattr(bag, name) for name in ("business_id", "currency", "rate_micro", "occurred_at")}
    return books.bag_banked(arrived, bag.amount, **same, bag_id=bag.document_id, bag=bag.bag)


_CODES: Final = ("6100", "6110", "3100", "2120")


def _entry(clerk: Clerk) -> Document | None:
    """Debit and credit in some businesses: plain, of a party, of a drawer, or in base currency too."""
    choose = clerk.choices
    head = clerk.head(BASE if choose.now_and_then(2) else None)
    said = choose.now_and_then(2)
    lines: list[EntryLine] = []
    for business in choose.some(BUSINESSES, 2):
        lines += _pair(clerk, head, business, len(lines), said=said)
        if said and choose.now_and_then(2):
            lines += _difference(clerk, business)
    head["clearing_account"] = ""
    purpose = choose.pick(list(EntryPurpose))
    if purpose is EntryPurpose.REVALUATION:
        lines = [line for one in choose.some(BUSINESSES, 2) for line in _difference(clerk, one)]
    return books.journal_entry(*lines, **head, purpose=purpose)


def _pair(clerk: Clerk, head: dict[str, Any], business: int, place: int, *, said: bool) -> list[EntryLine]:
    """A debit and its credit; one of them may be a party's, and then be due."""
    choose, amount = clerk.choices, clerk.amount(700_000)
    # What opens an invoice or a bill more often than the rest: it must come in every history.
    role = choose.pick((None, PartyRole.CUSTOMER, PartyRole.VENDOR, PartyRole.VENDOR, *_PARTIES))
    currency = choose.pick((BASE, DOLLAR)) if said else ""
    base = {"": None, BASE: amount, DOLLAR: clerk.amount(90_000_000)}[currency]
    one: dict[str, Any] = {"currency": currency}
    code = choose.pick(_CODES)
    sign = choose.pick((1, -1))
    if role is not None:
        one |= {"party_role": role, "party_id": choose.pick(_PARTIES[role])}
        code = account(PARTY_ACCOUNT[role])
        owes = {PartyRole.CUSTOMER: 1, PartyRole.VENDOR: -1}.get(role)
        if owes is not None and choose.now_and_then(2):
            sign = owes
        whole_rate = head["rate_micro"] % ONE == 0
        if sign == owes and currency in ("", head["currency"]) and (whole_rate or said):
            # A month for each line: a party has one line that is due on one day.
            one["due_on"] = 20260115 + 100 * place
    elif choose.now_and_then(3):
        one["drawer_id"] = choose.pick(DRAWERS)
        code = account(R.CASH, business)
    return [
        EntryLine(
            business_id=business,
            account=code,
            amount=sign * amount,
            base_amount=None if base is None else sign * base,
            **one,
        ),
        EntryLine(
            business_id=business,
            account=choose.pick(_CODES),
            amount=-sign * amount,
            base_amount=None if base is None else -sign * base,
            currency=currency,
        ),
    ]


def _difference(clerk: Clerk, business: int) -> list[EntryLine]:
    """The accountant values what lies in dollars anew: base currency alone."""
    base = clerk.amount(50_000) * clerk.choices.pick((1, -1))
    return [
        EntryLine(business_id=business, account=account(R.BANK), amount=0, base_amount=base, currency=DOLLAR),
        EntryLine(
            business_id=business,
            account=account(R.EXCHANGE_DIFFERENCE),
            amount=0,
            base_amount=-base,
            currency=DOLLAR,
        ),
    ]


KINDS: Final[dict[str, Callable[[Clerk], Document | None]]] = {
    "payment": _payment,
    "vendor_payment": _vendor_payment,
    "settlement": _settlement,
    "write_off": _write_off,
    "cash_movement": _cash_movement,
    "drawer_open": _drawer_open,
    "drawer_close": _drawer_close,
    "party_money": _party_money,
    "deposit_return": chits.returned,
    "money_transfer": _money_transfer,
    "journal_entry": _entry,
    "bank_bag": _bank_bag,
    "bag_banked": _bag_banked,
}
NEEDS: Final[dict[str, Callable[[Clerk], object]]] = {
    "settlement": lambda clerk: clerk.open(PartyRole.CUSTOMER) or clerk.open(PartyRole.VENDOR),
    "write_off": lambda clerk: clerk.open(PartyRole.CUSTOMER),
    "deposit_return": lambda clerk: clerk.open(PartyRole.DEPOSIT_SLIP),
    "bag_banked": _bags,
}
