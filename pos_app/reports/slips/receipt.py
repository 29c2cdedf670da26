"""The receipt of a document as paper: what was bought, paid and given back, by whom, when, its number."""

from pos_app.devices.paper import (
    Barcode,
    Block,
    Columns,
    Cut,
    Kick,
    Paper,
    Picture,
    Rule,
    Space,
    Text,
    WidthChars,
)
from pos_app.language import printed
from pos_app.ledger import canonical
from pos_app.ledger.bank_bag import BagBanked, BankBag
from pos_app.ledger.currency import Currency, currency
from pos_app.ledger.document import (
    CashMovement,
    CashReason,
    CreditNote,
    DepositReturn,
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
)
from pos_app.ledger.money import grouped_text
from pos_app.reports.slips.chit_slip import chit_slips, paid_back
from pos_app.reports.slips.close_told import recount_lines, to_the_safe, told_lines
from pos_app.reports.slips.drawer_cash import flow_lines
from pos_app.reports.slips.fiscal_block import fiscal_blocks
from pos_app.reports.slips.letterhead import Letterhead, Names, local, number_of
from pos_app.reports.slips.money_slip import money_slip
from pos_app.reports.slips.references import party_label, references, signatures
from pos_app.reports.slips.shift_report import figure_lines
from pos_app.reports.slips.slip import allocations, slip
from pos_app.reports.slips.titles import movement_words, title_of
from pos_app.reports.slips.trade_slip import (
    invoice_slip,
    law_words,
    rounded,
    seller_lines,
    sellers_of,
    tenders,
    trade_slip,
)
from pos_app.store.master.letterheads import Seller

#: Who is handed it is told at its head who sold to them, and can find it again by its barcode.
_GOES_OUT = Sale | Refund | Payment | Invoice | CreditNote | ServiceOrder
_SOLD = Sale | Refund | Invoice | CreditNote


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
    blocks += _top(document, head, names, copy_no)
    blocks += _facts(document, head, names)
    blocks += _body(document, money, head, names)
    blocks += _note(document)
    if names.owes is not None:
        blocks += [Space(), _balance(document, names.owes, money)]
    blocks += signatures(document)
    blocks += chit_slips(document, head.organisation, money)
    blocks += _bottom(document, head, copy_no)
    return Paper(width, tuple(blocks))


def _balance(document: Document, owes: int, money: Currency) -> Block:
    """What stands between us and the party now."""
    if isinstance(document, PartyMoney | ServiceOrder) and owes < 0:
        return Columns(printed("Balance now with us"), grouped_text(-owes, money), bold=True)
    return Columns(printed("Balance now owed"), grouped_text(owes, money), bold=True)


def _top(document: Document, head: Letterhead, names: Names, copy_no: int) -> list[Block]:
    sellers = _sellers(document, head)
    logo = head.logo_of(sellers)
    blocks: list[Block] = [Picture(logo)] if logo else []
    blocks.append(Text(head.organisation, "centre", bold=True, size=2))
    lines = [head.depot, *head.address.split("\n"), head.phone, *head.head.split("\n")]
    blocks += [Text(line, "centre") for line in lines if line]
    title, words = title_of(document), ""
    if len(sellers) == 1:
        blocks += seller_lines(sellers[0], head.organisation)
        if isinstance(document, _SOLD):
            words = law_words(document, sellers[0], head, names.party)
    # "TAX INVOICE" says "INVOICE" too; a title in another language stands beside the law's words.
    titles = [each for each in (words, title) if each and not (each == title and title in words)]
    for each in titles:
        blocks += [Space(), Text(each, "centre", bold=True, size=2)]
    if copy_no:
        blocks += [Space(), Text(printed("*** COPY {number} ***", number=copy_no), "centre", bold=True)]
    return [*blocks, Rule()]


def _sellers(document: Document, head: Letterhead) -> list[Seller]:
    """Whose paper it is, where it goes out of the house."""
    if isinstance(document, _SOLD):
        return sellers_of(document, head)
    own = head.sellers.get(document.business_id)
    return [own] if own is not None and isinstance(document, _GOES_OUT) else []


def _facts(document: Document, head: Letterhead, names: Names) -> list[Block]:
    blocks: list[Block] = [
        Columns(number_of(document, head), local(document.occurred_at, head), bold=True),
        Columns(printed("Served by"), names.person),
    ]
    if names.approver:
        blocks.append(Columns(printed("Approved by"), names.approver))
    if names.party:
        blocks.append(Columns(party_label(document), names.party))
    if names.party_tax:
        blocks.append(Columns(printed("Their tax number"), names.party_tax))
    blocks += _for_business(document, head)
    blocks += references(document, names)
    if isinstance(document, Refund | CreditNote) and document.reason:
        blocks.append(Text(printed("Reason: {reason}", reason=document.reason)))
    return [*blocks, Rule()]


def _for_business(document: Document, head: Letterhead) -> list[Block]:
    """Whose money it is, where that is another business than the drawer's."""
    fields = ("contra_business_id", "over_short_business_id")
    keys = [getattr(document, field, 0) for field in fields]
    if isinstance(document, CashMovement) and document.reason is CashReason.DRAWING:
        # Owners of several businesses sign for one of them, also where it is the drawer's own.
        keys = [document.contra_business_id or document.business_id]
    whose = [head.sellers[key].name for key in keys if key in head.sellers]
    return [Columns(printed("Business"), name) for name in whose]


def _body(document: Document, money: Currency, head: Letterhead, names: Names) -> list[Block]:
    match document:
        case Sale() | Refund():
            return trade_slip(document, money, head, names)
        case Invoice() | CreditNote():
            return invoice_slip(document, money, head, names)
        case Payment():
            return [
                Columns(
                    printed("Received"),
                    grouped_text(document.total + document.rounding, money),
                    bold=True,
                    size=2,
                ),
                *allocations(document.allocations, money, names),
                *rounded(document.rounding, money),
                Space(),
                *tenders(document.tenders, document.change, money),
            ]
        case CashMovement():
            return [Columns(movement_words(document.reason), grouped_text(document.amount, money), bold=True)]
        case DrawerOpen():
            return [Columns(printed("Float"), grouped_text(document.float_amount, money), bold=True)]
        case DrawerClose():
            return _close(document, money, head, names)
        case Reversal():
            return _void(document, money, head, names)
        case DepositReturn():
            return _with_tenders(document, paid_back(document, money), money)
        case Expense() | MoneyTransfer() | PartyMoney() | BankBag() | BagBanked():
            return _with_tenders(document, money_slip(document, money, names.accounts), money)
        case _:
            return _with_tenders(document, slip(document, money, names), money)


def _with_tenders(document: Document, blocks: list[Block], money: Currency) -> list[Block]:
    taken, change = getattr(document, "tenders", ()), getattr(document, "change", None)
    return [*blocks, Space(), *tenders(taken, change, money)] if taken else blocks


def _void(document: Reversal, money: Currency, head: Letterhead, names: Names) -> list[Block]:
    original = canonical.decode(bytes(document.original))
    number, time = number_of(original, head), local(original.occurred_at, head)
    party_id: int | None = getattr(original, "party_id", None)
    party = names.named.parties.get(party_id, "") if party_id is not None else ""
    return [
        Text(printed("Voids {number} of {time}", number=number, time=time), bold=True),
        *([Columns(party_label(original), party)] if party else []),
        *references(original, names),
        Text(printed("Reason: {reason}", reason=document.reason)),
        Rule(),
        *_body(original, money, head, names),
        *_note(original),
    ]


def _note(document: Document) -> list[Block]:
    """What a person wrote on it, whatever it is."""
    return [Text(document.note)] if document.note and not document.note_inside else []


def _close(document: DrawerClose, money: Currency, head: Letterhead, names: Names) -> list[Block]:
    blocks: list[Block] = []
    flows = names.flows
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
        *recount_lines(document, money, names),
        Columns(printed("Counted"), grouped_text(document.counted, money), bold=True),
        Columns(word, grouped_text(variance, money), bold=True),
        *to_the_safe(document, money, names),
    ]
    if document.reason:
        blocks.append(Text(printed("Reason: {reason}", reason=document.reason)))
    blocks += told_lines(document, money, names)
    if names.figures is not None and document.stretch is not None:
        blocks += [Rule(), *figure_lines(names.figures, document.stretch, money, head)]
    return blocks


def _is_z(document: Document) -> bool:
    return isinstance(document, DrawerClose) and document.stretch is not None


def _bottom(document: Document, head: Letterhead, copy_no: int) -> list[Block]:
    blocks: list[Block] = [*fiscal_blocks(head.fiscal, is_copy=copy_no > 0), Space()]
    goes_out = isinstance(document, _GOES_OUT)
    if goes_out:
        blocks.append(Barcode(number_of(document, head)))
    if head.proof and (goes_out or _is_z(document)):
        # What was recorded cannot become another document without another proof.
        said = f"{number_of(document, head)} {head.proof}"
        # Beside the authority's QR a second one would be read in its place.
        own = [] if any(each.qr for each in head.fiscal) else [Barcode(said, "qr")]
        blocks += [*own, Text(printed("Proof {proof}", proof=head.proof), "centre")]
    if goes_out and head.footer:
        blocks += [Space(), *(Text(line, "centre") for line in head.footer.split("\n"))]
    if copy_no:
        blocks += [Space(), Text(printed("*** COPY {number} ***", number=copy_no), "centre", bold=True)]
    return [*blocks, Cut()]
