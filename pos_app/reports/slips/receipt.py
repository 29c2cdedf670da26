"""The receipt of a document as paper: what was bought, paid and given back, by whom, when, its number."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from pos_app.devices.paper import Barcode, Block, Columns, Cut, Kick, Paper, Rule, Space, Text, WidthChars
from pos_app.language import printed
from pos_app.ledger import canonical
from pos_app.ledger.currency import Currency, currency
from pos_app.ledger.day import to_date
from pos_app.ledger.document import (
    CashMovement,
    CreditNote,
    Document,
    DrawerClose,
    DrawerOpen,
    Expense,
    Invoice,
    MoneyTransfer,
    PartyMoney,
    Payment,
    Refund,
    Reversal,
    Sale,
    ServiceOrder,
    StockCount,
    Trade,
)
from pos_app.ledger.exchange_rate import RATE_ONE, major_rate, rate_text
from pos_app.ledger.line import Change, GoodsLine, Tender
from pos_app.ledger.money import grouped_text
from pos_app.ledger.numbering import printed_number
from pos_app.ledger.quantity import quantity_text
from pos_app.reports.slips.drawer_cash import CashFlow, flow_lines
from pos_app.reports.slips.money_slip import money_slip, party_label, signature
from pos_app.reports.slips.slip import slip
from pos_app.reports.slips.titles import movement_words, tender_name, title_of


@dataclass(frozen=True)
class Letterhead:
    """What stands above and below every receipt of a depot."""

    organisation: str
    depot: str
    number_prefix: str
    address: str
    phone: str
    footer: str
    time_zone: str


@dataclass(frozen=True)
class Names:
    """The people on a receipt; empty where there is none.

    `owes` is what the party owes after it (negative: has with us), in minor units, where that is printed.
    `approver` is printed where money leaves us, `accounts` names the accounts that a paper mentions, by
    code, and `flows` say on the close of a drawer why that much was expected.
    """

    person: str
    party: str = ""
    owes: int | None = None
    approver: str = ""
    accounts: Mapping[str, str] = field(default_factory=dict)
    flows: tuple[CashFlow, ...] = ()


def receipt(
    document: Document,
    head: Letterhead,
    names: Names,
    *,
    copy_no: int = 0,
    kick: bool = False,
    width: WidthChars = 42,
) -> Paper:
    """The paper of any document.  A `copy_no` above 0 marks it COPY; `kick` opens the drawer first."""
    money = currency(document.currency)
    blocks: list[Block] = [Kick()] if kick else []
    blocks += _top(document, head, copy_no)
    blocks += _facts(document, head, names)
    blocks += _body(document, money, head, names)
    if names.owes is not None:
        blocks += [Space(), _balance(document, names.owes, money)]
    blocks += signature(document)
    blocks += _bottom(document, head, copy_no)
    return Paper(width, tuple(blocks))


def _balance(document: Document, owes: int, money: Currency) -> Block:
    """What stands between us and the party now."""
    if isinstance(document, PartyMoney | ServiceOrder) and owes < 0:
        return Columns(printed("Balance now with us"), grouped_text(-owes, money), bold=True)
    return Columns(printed("Balance now owed"), grouped_text(owes, money), bold=True)


def number_of(document: Document, head: Letterhead) -> str:
    """The printed number."""
    return printed_number(head.number_prefix, document.terminal_no, document.series, document.number)


def _local(moment: datetime, head: Letterhead) -> str:
    return moment.astimezone(ZoneInfo(head.time_zone)).strftime("%d.%m.%Y %H:%M")


def _top(document: Document, head: Letterhead, copy_no: int) -> list[Block]:
    blocks: list[Block] = [Text(head.organisation, "centre", bold=True, size=2)]
    blocks += [Text(line, "centre") for line in (head.depot, head.address, head.phone) if line]
    title = title_of(document)
    if title:
        blocks += [Space(), Text(title, "centre", bold=True, size=2)]
    if copy_no:
        blocks += [Space(), Text(printed("*** COPY {number} ***", number=copy_no), "centre", bold=True)]
    return [*blocks, Rule()]


def _facts(document: Document, head: Letterhead, names: Names) -> list[Block]:
    blocks: list[Block] = [
        Columns(number_of(document, head), _local(document.occurred_at, head), bold=True),
        Columns(printed("Served by"), names.person),
    ]
    if names.approver:
        blocks.append(Columns(printed("Approved by"), names.approver))
    if names.party:
        blocks.append(Columns(party_label(document), names.party))
    if isinstance(document, Refund | CreditNote) and document.reason:
        blocks.append(Text(printed("Reason: {reason}", reason=document.reason)))
    return [*blocks, Rule()]


def _body(document: Document, money: Currency, head: Letterhead, names: Names) -> list[Block]:
    match document:
        case Sale() | Refund():
            return _trade(document, money)
        case Payment():
            return [
                Columns(printed("Received"), grouped_text(document.total, money), bold=True, size=2),
                Space(),
                *_tenders(document.tenders, document.change, money),
            ]
        case CashMovement():
            return [
                Columns(movement_words(document.reason), grouped_text(document.amount, money), bold=True),
                *([Text(document.note)] if document.note else []),
            ]
        case DrawerOpen():
            return [Columns(printed("Float"), grouped_text(document.float_amount, money), bold=True)]
        case DrawerClose():
            return _close(document, money, names.flows)
        case StockCount():
            return [Columns(printed("Products counted"), str(len(document.lines)))]
        case Invoice() | CreditNote():
            return _invoice(document, money)
        case Reversal():
            original = canonical.decode(bytes(document.original))
            return [
                Text(
                    printed(
                        "Voids {number} of {time}",
                        number=number_of(original, head),
                        time=_local(original.occurred_at, head),
                    ),
                    bold=True,
                ),
                Text(printed("Reason: {reason}", reason=document.reason)),
                Rule(),
                *_body(original, money, head, names),
            ]
        case Expense() | MoneyTransfer() | PartyMoney():
            blocks = money_slip(document, money, names.accounts)
            tenders, change = getattr(document, "tenders", ()), getattr(document, "change", None)
            return [*blocks, Space(), *_tenders(tenders, change, money)] if tenders else blocks
        case _:
            blocks = slip(document, money)
            tenders, change = getattr(document, "tenders", ()), getattr(document, "change", None)
            return [*blocks, Space(), *_tenders(tenders, change, money)] if tenders else blocks


def _voided(original: Document, head: Letterhead) -> str:
    number, time = number_of(original, head), _local(original.occurred_at, head)
    return printed("Voids {number} of {time}", number=number, time=time)


def _total(money: Currency) -> str:
    return printed("Total {currency}", currency=money.code)


def _trade(document: Trade, money: Currency) -> list[Block]:
    blocks: list[Block] = [Text(printed("Amounts in {currency}", currency=money.code), "right")]
    for line in document.lines:
        blocks += _goods(line, money)
    blocks.append(Rule())
    if document.rounding:
        blocks.append(Columns(printed("Rounding to cash"), grouped_text(document.rounding, money)))
    is_refund = isinstance(document, Refund)
    label = printed("Refund {currency}", currency=money.code) if is_refund else _total(money)
    due = document.total + document.rounding
    blocks += [Columns(label, grouped_text(due, money), bold=True, size=2), Space()]
    blocks += _tenders(document.tenders, document.change, money)
    return [*blocks, Rule(), *_tax(document, money)]


def _invoice(document: Invoice | CreditNote, money: Currency) -> list[Block]:
    blocks: list[Block] = [Text(printed("Amounts in {currency}", currency=money.code), "right")]
    for line in document.lines:
        blocks += _goods(line, money)
    blocks += [
        Rule(),
        Columns(
            _total(money),
            grouped_text(document.total, money),
            bold=True,
            size=2,
        ),
    ]
    if isinstance(document, Invoice):
        blocks.append(
            Columns(printed("To be paid by"), to_date(document.due_on).strftime("%d.%m.%Y"), bold=True)
        )
    else:
        blocks.append(Text(printed("Takes from invoice {number}", number=document.invoice_number).strip()))
    return [*blocks, Rule(), *_tax(document, money)]


def _goods(line: GoodsLine, money: Currency) -> list[Block]:
    amount = grouped_text(line.extended if not line.tax_inclusive else line.gross, money)
    blocks: list[Block] = [Columns(line.description, amount)]
    whole_price = grouped_text(line.unit_price, money)
    blocks.append(Text(f"  {quantity_text(line.quantity)} {line.unit} × {whole_price}  {line.tax_code}"))
    if line.discount:
        blocks.append(Text(f"  {printed('discount {amount}', amount=grouped_text(-line.discount, money))}"))
    return blocks


def _tenders(tenders: tuple[Tender, ...], change: Change | None, money: Currency) -> list[Block]:
    blocks: list[Block] = []
    for tender in tenders:
        name = tender_name(tender.kind)
        left = f"{name} {tender.reference}" if tender.reference else name
        blocks.append(Columns(left, grouped_text(tender.amount, money)))
        if tender.paid_currency:
            blocks.append(Text(f"  {_exchanged(tender, money)}"))
    if change is not None:
        blocks.append(Columns(printed("Change"), grouped_text(change.amount, money), bold=True))
    return blocks


def _exchanged(tender: Tender, money: Currency) -> str:
    """ "USD 10.00 at 129.50": what changed hands, and its rate where the paper is in our own currency."""
    paid = currency(tender.paid_currency)
    said = f"{paid.code} {grouped_text(tender.paid, paid)}"
    rate = major_rate(tender.paid_rate_micro, paid, money)
    return (
        said
        if tender.paid_rate_micro == RATE_ONE
        else printed("{money} at {rate}", money=said, rate=rate_text(rate))
    )


def _tax(document: Trade | Invoice | CreditNote, money: Currency) -> list[Block]:
    """Net and tax for each code: what the tax office wants to see."""
    blocks: list[Block] = []

    def code(line: GoodsLine) -> tuple[str, int]:
        return line.tax_code, line.tax_rate_bp

    for (name, rate_bp), group in groupby(sorted(document.lines, key=code), key=code):
        lines = list(group)
        whole, part = divmod(rate_bp, 100)
        rate = f"{whole}.{part:02d}".rstrip("0") if part else str(whole)
        net, tax = sum(line.net for line in lines), sum(line.tax for line in lines)
        blocks.append(
            Columns(
                printed("{code} {rate} % on {net}", code=name, rate=rate, net=grouped_text(net, money)),
                grouped_text(tax, money),
            )
        )
    return blocks


def _close(document: DrawerClose, money: Currency, flows: tuple[CashFlow, ...]) -> list[Block]:
    blocks: list[Block] = []
    for count in document.counts:
        left = f"{count.pieces} × {grouped_text(count.value, money)}"
        blocks.append(Columns(left, grouped_text(count.value * count.pieces, money)))
    variance = document.counted - document.expected
    word = printed("Exact") if variance == 0 else printed("Over") if variance > 0 else printed("Short")
    blocks += [
        Rule(),
        *flow_lines(flows, money),
        *([Rule()] if flows else []),
        Columns(printed("Expected"), grouped_text(document.expected, money)),
        Columns(printed("Counted"), grouped_text(document.counted, money), bold=True),
        Columns(word, grouped_text(variance, money), bold=True),
        Columns(printed("To the safe"), grouped_text(document.removed, money)),
    ]
    if document.reason:
        blocks.append(Text(printed("Reason: {reason}", reason=document.reason)))
    return [*blocks, Space(2), Text(f"{printed('Signed')} {'_' * 22}")]


def _bottom(document: Document, head: Letterhead, copy_no: int) -> list[Block]:
    blocks: list[Block] = [Space()]
    if isinstance(document, Sale | Refund | Payment | Invoice | CreditNote | ServiceOrder):
        blocks.append(Barcode(number_of(document, head)))
        if head.footer:
            blocks += [Space(), Text(head.footer, "centre")]
    if copy_no:
        blocks += [Space(), Text(printed("*** COPY {number} ***", number=copy_no), "centre", bold=True)]
    return [*blocks, Cut()]
