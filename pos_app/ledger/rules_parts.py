"""Rules about the parts that many documents share: amounts, accounts, days, goods lines, tenders."""

from collections.abc import Iterable, Sequence
from typing import Final, Protocol

from pos_app.ledger import day, tax
from pos_app.ledger.currency import currency as find_currency
from pos_app.ledger.errors import Refused
from pos_app.ledger.head import Head
from pos_app.ledger.invoicing import BillLine
from pos_app.ledger.line import Change, GoodsLine, ReturnableLine, Tender, TenderKind
from pos_app.ledger.money import MOST_MINOR
from pos_app.ledger.quantity import MOST_ON_A_LINE
from pos_app.ledger.stock import location_of

#: Ten thousand to one; with it the largest amount stays within 64 bits in base currency too.
MOST_RATE_MICRO: Final = 10**10
#: A till that says another year has lost its clock; no depot has books of a century ago or ahead.
FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2090
#: What lies at a location may be a thousand times what stands on a line.
MOST_AT_A_PLACE: Final = MOST_ON_A_LINE * 1000
_MOST_TERMS_DAYS: Final = 3_650


class _Totals(Protocol):
    """A document with stored totals."""

    @property
    def subtotal(self) -> int: ...
    @property
    def tax_total(self) -> int: ...
    @property
    def total(self) -> int: ...


def check_amount(amount: int, what: str, at_least: int = 0) -> None:
    """Raise `Refused` for an amount below `at_least` (0 or 1) or larger than any."""
    if amount < at_least:
        raise Refused(f"{what} must be {'more than zero' if at_least else 'zero or more'}.")
    if amount > MOST_MINOR:
        raise Refused(f"{what} is larger than any amount; check the digits.")


def check_quantity(quantity: int, what: str, most: int = MOST_ON_A_LINE) -> None:
    """Raise `Refused` for a quantity of nothing or an absurd one; its sign is the caller's affair."""
    if quantity == 0 or abs(quantity) > most:
        raise Refused(f"The quantity of {what} cannot be right; check the digits.")


def check_rate(rate_micro: int) -> None:
    """Raise `Refused` for a rate of exchange of nothing or an absurd one."""
    if rate_micro <= 0:
        raise Refused("The exchange rate must be more than zero.")
    if rate_micro > MOST_RATE_MICRO:
        raise Refused("The exchange rate cannot be right; check the digits.")


def check_day(one: int, what: str) -> None:
    """Raise `Refused` for a number that is no day (YYYYMMDD) of a year that can be right."""
    year = day.to_date(one).year
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refused(f"{what} is in the year {year}; check the date.")


def check_due(document: Head, due_on: int, terms_days: int) -> None:
    """Raise `Refused` for a due date or terms of payment that cannot be right.

    A bill may be overdue on the day on which it is entered, and an old invoice on that of its import.
    """
    check_day(due_on, "The due date")
    if not 0 <= terms_days <= _MOST_TERMS_DAYS:
        raise Refused("The terms of payment cannot be right; write them in days.")
    if due_on // 10_000 > document.year + _MOST_TERMS_DAYS // 365:
        raise Refused("The due date is more than ten years away; check it.")


def need(account: str, name: str) -> None:
    """Raise `Refused` when an account is not named."""
    if not account:
        raise Refused(f"No account for {name} is set up; the owner adds one to the chart of accounts.")


def need_clearing(document: Head, businesses: Iterable[int]) -> None:
    """Raise `Refused` when lines of other businesses have no clearing account to meet on."""
    if not document.clearing_account and any(one != document.business_id for one in businesses):
        need("", "clearing")


def need_reason(reason: str, what: str) -> None:
    """Raise `Refused` when nobody said why."""
    if not reason.strip():
        raise Refused(f"Say why {what}.")


def check_once(products: Sequence[int], name: str) -> None:
    """Raise `Refused` when a product stands on two lines."""
    if len(set(products)) < len(products):
        raise Refused(f"A product stands twice in this {name}; put it on one line.")


# --- goods ----------------------------------------------------------------------------------------


def check_goods(document: _Totals, lines: Sequence[GoodsLine], name: str) -> None:
    """Each line by itself, its tax, and their sums.  One pass: most of the time of a check is here."""
    if not lines:
        raise Refused(f"There is nothing in this {name}; add at least one line.")
    size = subtotal = tax_total = 0
    taxables = []
    for line in lines:
        extended = line.extended
        _check_goods_line(line, extended)
        net, tax_ = line.net, line.tax
        size += abs(net) + abs(tax_)
        subtotal += net
        tax_total += tax_
        taxables.append((line.tax_code, line.tax_rate_bp, line.tax_inclusive, extended))
    check_amount(size, f"The total of this {name}")
    for line, taxed in zip(lines, tax.share_out(taxables), strict=True):
        if line.net != taxed[0] or line.tax != taxed[1]:
            raise Refused(f"Net and tax of “{line.description}” do not follow from its price.")
    check_totals(document, subtotal, tax_total, name)


def check_totals(document: _Totals, subtotal: int, tax_total: int, name: str) -> None:
    """Raise `Refused` when the stored totals are not what the lines come to."""
    if (
        subtotal != document.subtotal
        or tax_total != document.tax_total
        or subtotal + tax_total != document.total
    ):
        raise Refused(f"The totals of this {name} are not the sum of its lines.")


def _check_goods_line(line: GoodsLine, extended: int) -> None:
    if line.quantity == 0 or abs(line.quantity) > MOST_ON_A_LINE:
        raise Refused(f"The quantity of “{line.description}” cannot be right; check the digits.")
    if line.unit_price < 0:
        raise Refused(f"The price of “{line.description}” is negative; use a return instead.")
    if line.unit_price > MOST_MINOR:
        raise Refused(f"The price of “{line.description}” is larger than any amount; check the digits.")
    if line.discount and abs(line.discount) > abs(extended + line.discount):
        raise Refused(f"The discount on “{line.description}” is larger than its price.")
    if not 0 <= line.tax_rate_bp <= tax.WHOLE_BP * 10:
        raise Refused(f"The tax rate of “{line.description}” cannot be right.")
    if line.meter_before is not None or line.meter_after is not None:
        _check_meter(line)
    if not line.revenue_account:
        need("", "revenue")
    if line.tax and not line.tax_account:
        need("", "tax")


def _check_meter(line: GoodsLine) -> None:
    before, after = line.meter_before, line.meter_after
    if before is None or after is None or before < 0 or after - before != line.quantity:
        raise Refused(f"The meter readings of “{line.description}” do not give its quantity.")


def check_returnables(returnables: Sequence[ReturnableLine], party_id: int | None) -> None:
    """What is given and taken back beside a trade, at the depot and at the party."""
    for one in returnables:
        check_quantity(one.quantity, "a returnable")
        check_party_location(one.location_id, one.party_location_id, party_id)


def check_party_location(location_id: int, party_location_id: int, party_id: int | None) -> None:
    """Raise `Refused` when returnables would lie at somebody else, or move to where they are."""
    if party_location_id != location_of(party_id):
        raise Refused("The returnables would lie at somebody else than the party of the document.")
    if location_id == party_location_id:
        raise Refused("Returnables cannot move to the place where they are.")


# --- what a vendor's paper says -------------------------------------------------------------------


def check_bill_lines(document: _Totals, lines: Sequence[BillLine], name: str) -> None:
    """The lines of a bill, a vendor's credit or an expense, and their sums.

    The tax on a vendor's paper is rounded in the vendor's own way: it may differ from ours by one minor
    unit for each line, and no more.
    """
    if not lines:
        raise Refused(f"There is nothing in this {name}; add at least one line.")
    for line in lines:
        _check_bill_line(line)
    size = sum(abs(line.net) + abs(line.tax) for line in lines)
    check_amount(size, f"The total of this {name}")
    for line, taxed in zip(lines, tax.share_out([line.taxable() for line in lines]), strict=True):
        if abs(line.tax - taxed.tax) > (len(lines) if line.tax_rate_bp else 0):
            raise Refused(f"The tax on “{line.description}” does not follow from its price and rate.")
    check_totals(document, sum(line.net for line in lines), sum(line.tax for line in lines), name)
    check_amount(document.total, f"The total of this {name}", at_least=1)


def _check_bill_line(line: BillLine) -> None:
    if not line.description.strip():
        raise Refused("A line says nothing of what it is for; describe it.")
    if not 0 <= line.tax_rate_bp <= tax.WHOLE_BP * 10:
        raise Refused(f"The tax rate of “{line.description}” cannot be right.")
    need(line.account, "purchases")
    if line.tax:
        need(line.tax_account, "tax on purchases")
    if line.quantity is not None and not 0 < line.quantity <= MOST_ON_A_LINE:
        raise Refused(f"The quantity of “{line.description}” cannot be right; check the digits.")
    if line.location_id is not None and (line.product_id is None or line.quantity is None):
        raise Refused(f"“{line.description}” comes to stock; say which product and how many.")
    if line.receipt_id is None:
        if (line.receipt_line, line.received_net, line.received_base) != (None, None, None):
            raise Refused(f"“{line.description}” does not name the receipt that it is billed for.")
        return
    if line.receipt_line is None or line.received_net is None:
        raise Refused(f"“{line.description}” does not say which line of the receipt it is billed for.")
    if line.location_id is not None:
        raise Refused(f"“{line.description}” came with its receipt already; it cannot come again.")
    if line.net < 0 or line.received_net < 0 or (line.received_base or 0) < 0:
        raise Refused(f"The price of “{line.description}” is negative; take a vendor's credit instead.")
    check_amount(line.received_net, "What the goods were received at")
    check_amount(line.received_base or 0, "What the goods were received at")
    if line.net != line.received_net:
        need(line.price_variance_account, "price differences")


# --- money ----------------------------------------------------------------------------------------


def check_money(document: Head, tenders: tuple[Tender, ...], change: Change | None, due: int) -> None:
    """Tenders as `check_tenders`, of money only: nothing is paid on account."""
    if any(tender.kind is TenderKind.ACCOUNT for tender in tenders):
        raise Refused("A payment cannot be made on account; take cash, M-Pesa or bank.")
    check_tenders(document, tenders, change, due)


def check_tenders(document: Head, tenders: tuple[Tender, ...], change: Change | None, due: int) -> None:
    """Each tender by itself; together, less the change, they are what is `due`."""
    cash = 0
    for tender in tenders:
        check_amount(tender.amount, "The amount tendered", at_least=1)
        need(tender.account, tender.kind.value)
        if tender.paid_currency or tender.paid or tender.paid_rate_micro:
            _check_foreign(document, tender)
        if tender.kind is TenderKind.CASH:
            cash += tender.amount
    back = 0
    if change is not None:
        check_amount(change.amount, "The change")
        need(change.account, "cash")
        back = change.amount
    if back > cash:
        raise Refused("Change is given out of cash only; correct the other tender's amount.")
    if sum(tender.amount for tender in tenders) - back != due:
        raise Refused("What was tendered less the change is not what is due.")


def _check_foreign(document: Head, tender: Tender) -> None:
    if tender.kind in (TenderKind.ACCOUNT, TenderKind.VOUCHER):
        raise Refused("Only money can be of another currency; take cash, M-Pesa, card or bank.")
    check_exchange(
        document,
        tender.paid,
        tender.paid_currency,
        tender.paid_rate_micro,
        (tender.exchange_account, tender.difference_account),
    )


def check_exchange(
    document: Head, amount: int, currency: str, rate_micro: int, accounts: tuple[str, str]
) -> None:
    """Money in another currency than the document's: how much, of what, at which rate, over what."""
    find_currency(currency)
    if currency == document.currency:
        raise Refused(f"{currency} is the document's own currency; there is nothing to exchange.")
    check_amount(amount, f"The amount in {currency}", at_least=1)
    check_rate(rate_micro)
    need(accounts[0], "exchange")
    need(accounts[1], "exchange differences")
