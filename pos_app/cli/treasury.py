"""`bohari pay`, `settle`, `expenses` and `transfer`: money and goods that move in the office."""

from collections.abc import Sequence

from pos_app.cli import parsing
from pos_app.cli.acting import Who
from pos_app.cli.answer import Answer
from pos_app.cli.invoicing import Content
from pos_app.cli.parsing import RawDetails
from pos_app.cli.purchasing import costs
from pos_app.cli.recorded import recorded
from pos_app.ledger.currency import currency as find_currency
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole
from pos_app.ledger.money import parse_money
from pos_app.ledger.stock import AdjustmentReason
from pos_app.ledger.treasury import Exchanged, PartyReason
from pos_app.office import payments, stock, treasury
from pos_app.office.stock import Quantity

REASONS = tuple(one.value.replace("_", "-") for one in PartyReason)


def pay(
    who: Who,
    party: str,
    paid: Sequence[str],
    said: RawDetails,
    *,
    named: Sequence[str],
    is_vendor: bool,
    prepay: bool,
) -> Answer:
    """A customer pays us, or we pay a vendor: what is named, or what is due first."""
    with who.at_work() as office:
        own = said.money(office)
        with office.read() as books:
            wanted = parsing.wanted(books, named, own) if named else None
        do = payments.pay_vendor if is_vendor else payments.receive
        made = do(office, party, parsing.paid(paid, own), wanted, said.occasion(), prepay=prepay)
    return recorded(made)


def party_money(who: Who, reason: str, party: str, paid: Sequence[str], said: RawDetails) -> Answer:
    """Money to or from an employee, a member, a depositor."""
    if reason not in REASONS:
        raise Refused(f"“{reason[:40]}” is no reason; choose one of {', '.join(REASONS)}.")
    with who.at_work() as office:
        found = parsing.paid(paid, said.money(office))
        chosen = PartyReason(reason.replace("-", "_"))
        return recorded(treasury.party_money(office, chosen, party, found, said.occasion()))


def settle(
    who: Who, party: str, named: Sequence[str], said: RawDetails, *, is_vendor: bool, from_deposit: bool
) -> Answer:
    """Earlier money of a party goes to their invoices or bills."""
    with who.at_work() as office:
        with office.read() as books:
            wanted = parsing.wanted(books, named, said.money(office)) if named else None
        made = payments.settle(
            office,
            party,
            wanted,
            said.occasion(),
            role=PartyRole.VENDOR if is_vendor else PartyRole.CUSTOMER,
            from_deposit=from_deposit,
        )
    return recorded(made)


def expense(
    who: Who, content: Content, paid: Sequence[str], said: RawDetails, *, vendor: str, reference: str
) -> Answer:
    """Something bought and paid at once."""
    with who.at_work() as office:
        own = said.money(office)
        made = treasury.expense(
            office,
            costs(content, own),
            parsing.paid(paid, own),
            said.occasion(),
            vendor=vendor,
            reference=reference,
            location=content.location,
        )
    return recorded(made)


def transfer_money(
    who: Who,
    places: tuple[str, str],
    amount: str,
    said: RawDetails,
    *,
    to_business: str,
    arrives: str,
    reference: str,
) -> Answer:
    """Money between our own places; `arrives` is what comes where it is exchanged, such as 100.00USD."""
    with who.at_work() as office:
        made = treasury.transfer(
            office,
            *places,
            parse_money(amount, said.money(office)),
            said.occasion(),
            to_business=to_business,
            exchanged=_exchanged(arrives) if arrives else None,
            reference=reference,
        )
    return recorded(made)


def _exchanged(text: str) -> Exchanged:
    """100.00USD, or 100.00USD@129.55 where the rate is another than the day's."""
    amount, _, rate = text.strip().partition("@")
    if len(amount) < 4:
        raise Refused(f"“{text[:40]}” is no amount of a currency; write it like 100.00USD.")
    money_ = find_currency(amount[-3:])
    return Exchanged(parse_money(amount[:-3], money_), money_.code, parsing.rate(rate) if rate else None)


def _quantities(content: Content) -> list[Quantity]:
    found = []
    for line in parsing.lines(content.file, content.lines, ("sku", "quantity"), needed=2):
        with line.blamed():
            found.append(Quantity(line.text("sku"), line.quantity()))
    return found


def transfer_stock(who: Who, start: str, end: str, content: Content, said: RawDetails) -> Answer:
    """Goods leave for another place."""
    with who.at_work() as office:
        return recorded(
            stock.send(office, start, end, _quantities(content), said.occasion()), "is on its way"
        )


def receive_transfer(who: Who, transfer: str, content: Content, said: RawDetails) -> Answer:
    """Goods of a transfer came: these, or all that was on its way."""
    with who.at_work() as office:
        with office.read() as books:
            key = parsing.document(books, transfer)
        return recorded(stock.receive(office, key, _quantities(content), said.occasion()), "came")


def adjust_stock(who: Who, location: str, reason: str, content: Content, said: RawDetails) -> Answer:
    """Damage, loss, use, goods found, or another correction."""
    reasons = tuple(one.value for one in AdjustmentReason)
    if reason not in reasons:
        raise Refused(f"“{reason[:20]}” is no reason; choose one of {', '.join(reasons)}.")
    with who.at_work() as office:
        made = stock.adjust(office, location, AdjustmentReason(reason), _quantities(content), said.occasion())
    return recorded(made)
