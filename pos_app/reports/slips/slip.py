"""The body of a receipt for the documents of the books: what was bought, moved or written by hand.

A till prints it when it records one; the office prints A4 (`invoice_pdf`).  Money that moves beside trade has
its own (`money_slip`).

Decisions
---------
2026-11-29  A slip names its goods by their names, with their units, and says how many there are in all: who
takes a load or signs for one counts pieces, not products.
"""

from collections.abc import Iterable

from pos_app.devices.paper import Block, Columns, Rule, Space, Text
from pos_app.language import printed
from pos_app.ledger.currency import Currency, currency
from pos_app.ledger.document import (
    Bill,
    GoodsReceipt,
    Head,
    JournalEntry,
    LandedCost,
    PurchaseOrder,
    ReturnableMove,
    ServiceOrder,
    ServiceStep,
    StockAdjustment,
    StockCount,
    StockValuation,
    TransferReceived,
    TransferSent,
    VendorCredit,
)
from pos_app.ledger.invoicing import BillLine
from pos_app.ledger.journal_entry import EntryLine
from pos_app.ledger.line import ReturnableLine
from pos_app.ledger.money import grouped_text
from pos_app.ledger.price import Price, price_text
from pos_app.ledger.purchasing import BoughtLine, OrderLine, ReceiptLine
from pos_app.ledger.quantity import quantity_text
from pos_app.ledger.settlement import Allocation
from pos_app.ledger.stock import CountedLine, ReturnableQuantity
from pos_app.reports.slips.letterhead import Names
from pos_app.reports.slips.service_slip import service_slip
from pos_app.reports.slips.titles import reason_words


def slip(document: Head, money: Currency, names: Names) -> list[Block]:
    """Lines, and the total where there is one."""
    if isinstance(document, ServiceOrder | ServiceStep):
        return service_slip(document, money, names)
    blocks = _lines(document, money, names)
    total = getattr(document, "total", getattr(document, "amount", None))
    if isinstance(total, int):
        blocks += [Rule()] if blocks else []
        blocks.append(
            Columns(
                printed("Total {currency}", currency=money.code),
                grouped_text(total, money),
                bold=True,
                size=2,
            )
        )
    blocks += allocations(getattr(document, "allocations", ()), money, names)
    blocks += credits_used(document, money)
    reason = getattr(document, "reason", "")
    if reason:
        blocks.append(Text(printed("Reason: {reason}", reason=reason_words(str(reason)))))
    return blocks


def allocations(taken: Iterable[Allocation], money: Currency, names: Names) -> list[Block]:
    """Which invoices or bills it pays or ends, and how much of each."""
    blocks: list[Block] = []
    for each in taken:
        number = each.invoice_number or names.named.documents.get(each.invoice_id) or printed("an invoice")
        blocks.append(Columns(printed("For {number}", number=number), grouped_text(each.amount, money)))
    return blocks


def credits_used(document: Head, money: Currency) -> list[Block]:
    """On which invoices the credit stood that is used or given back."""
    return [
        Columns(
            printed("Credit of {number}", number=one.invoice_number or printed("an invoice")),
            grouped_text(one.amount, money),
        )
        for one in getattr(document, "credits", ())
    ]


def returnables(
    lines: Iterable[ReturnableLine | ReturnableQuantity],
    names: Names,
    *,
    title: bool = True,
    sold: bool = False,
) -> list[Block]:
    """Cylinders and bottles that were given out, and those that came back, with how many of each; beside
    goods that are `sold` the full ones go out and the empty ones come in.
    """
    blocks: list[Block] = []
    listed = list(lines)
    out = printed("Full out") if sold else printed("Given out")
    back = printed("Empty in") if sold else printed("Taken back")
    for words, sign in ((out, 1), (back, -1)):
        own = [line for line in listed if line.quantity * sign > 0]
        blocks += [Text(words, bold=True)] if own and title else []
        blocks += [
            Columns(names.goods(line.product_id).name, names.pieces(line.product_id, abs(line.quantity)))
            for line in own
        ]
    return blocks


def _lines(document: Head, money: Currency, names: Names) -> list[Block]:
    match document:
        case Bill() | VendorCredit():
            return [block for line in document.lines for block in _billed(line, money, names)]
        case PurchaseOrder() | GoodsReceipt():
            return _bought(document.lines, money, names)
        case TransferSent() | StockAdjustment():
            moved = [(line.product_id, line.quantity) for line in document.lines]
            return [*_moved(moved, names), *_in_all(moved, names)]
        case TransferReceived():
            return [*_received(document, names)]
        case ReturnableMove():
            return returnables(document.lines, names)
        case StockCount():
            lines = [block for line in document.lines for block in _counted(line, names)]
            return [*lines, *_areas(document, names)]
        case LandedCost():
            shares = [
                Columns(names.goods(line.product_id).name, grouped_text(line.value, money))
                for line in document.lines
            ]
            return [*([Text(document.description)] if document.description else []), *shares]
        case StockValuation():
            return [
                Columns(
                    f"{names.pieces(line.product_id, line.quantity)} {names.goods(line.product_id).name}",
                    grouped_text(line.value, money),
                )
                for line in document.lines
            ]
        case JournalEntry():
            entry = [block for line in document.lines for block in _entry(line, money, names)]
            return [Text(document.description), *entry]
        case _:
            return _unknown(document, names)


def _unknown(document: Head, names: Names) -> list[Block]:
    """Of a type that nobody drew yet: what its lines name, and how much of it."""
    blocks: list[Block] = []
    for line in getattr(document, "lines", ()):
        product_id, quantity = getattr(line, "product_id", None), getattr(line, "quantity", 0)
        said = names.goods(product_id).name if product_id is not None else getattr(line, "description", "")
        blocks.append(Columns(said, quantity_text(quantity)))
    return blocks


def _moved(goods: Iterable[tuple[int, int]], names: Names) -> list[Block]:
    return [Columns(names.goods(key).name, names.pieces(key, quantity)) for key, quantity in goods]


def _in_all(goods: Iterable[tuple[int, int]], names: Names) -> list[Block]:
    """How many there are in all of each unit: what is counted onto a lorry."""
    sums: dict[str, int] = {}
    listed = list(goods)
    for key, quantity in listed:
        unit = names.goods(key).unit
        sums[unit] = sums.get(unit, 0) + quantity
    said = [f"{quantity_text(quantity)} {unit}".rstrip() for unit, quantity in sums.items()]
    return [Space(), Columns(printed("In all"), ", ".join(said), bold=True)] if len(listed) > 1 else []


def _received(document: TransferReceived, names: Names) -> list[Block]:
    blocks: list[Block] = [
        Columns(
            names.goods(line.product_id).name,
            printed(
                "{count} of {all}",
                count=quantity_text(line.received),
                all=names.pieces(line.product_id, line.sent),
            ),
        )
        for line in document.lines
    ]
    missing = [
        (line.product_id, line.sent - line.received) for line in document.lines if line.sent != line.received
    ]
    if missing:
        blocks += [Space(), Text(printed("Did not come:"), bold=True), *_moved(missing, names)]
    return blocks


def _areas(document: StockCount, names: Names) -> list[Block]:
    """What lay on which shelf, shelf by shelf in the order in which they were counted."""
    blocks: list[Block] = []
    for area in dict.fromkeys(one.area for one in document.areas):
        blocks += [Rule(), Text(area or printed("The rest of the place"), bold=True)]
        blocks += [
            Columns(names.goods(one.product_id).name, names.pieces(one.product_id, one.counted))
            for one in document.areas
            if one.area == area
        ]
    return blocks


def _counted(line: CountedLine, names: Names) -> list[Block]:
    off = line.counted - line.expected
    said = printed(
        "expected {expected}, difference {difference}",
        expected=quantity_text(line.expected),
        difference=f"+{quantity_text(off)}" if off > 0 else quantity_text(off),
    )
    return [
        Columns(names.goods(line.product_id).name, names.pieces(line.product_id, line.counted)),
        Text(f"  {said}"),
    ]


def _bought(lines: Iterable[OrderLine | ReceiptLine], money: Currency, names: Names) -> list[Block]:
    blocks: list[Block] = []
    listed = list(lines)
    for line in listed:
        name = names.goods(line.product_id)
        unit = line.unit if isinstance(line, OrderLine) else name.unit
        quantity, words, cost = counted_as_bought(line, unit)
        blocks.append(Columns(line.description or name.name, grouped_text(line.net, money)))
        said = f"  {quantity_text(quantity)} {words}".rstrip()
        blocks.append(Text(f"{said} × {price_text(cost, money)}"))
    return [*blocks, *_in_all([(line.product_id, line.quantity) for line in listed], names)]


def counted_as_bought(line: BoughtLine, unit: str) -> tuple[int, str, Price]:
    """How many of what at which cost, as `trade_slip.counted`; pieces, where a case came that lacks some."""
    pack = line.pack
    if pack is None or not line.packs:
        return line.quantity, unit, line.price
    words = printed("{pack} of {count}", pack=pack.word, count=quantity_text(pack.size))
    return line.packs, words, line.pack_cost


def _billed(line: BillLine, money: Currency, names: Names) -> list[Block]:
    blocks: list[Block] = [Columns(line.description, grouped_text(line.gross, money))]
    if line.product_id is not None:
        name = names.goods(line.product_id).name
        counted = names.pieces(line.product_id, line.quantity) if line.quantity is not None else ""
        said = " ".join(part for part in (counted, name if name != line.description else "") if part)
        place = names.named.places.get(line.location_id, "") if line.location_id is not None else ""
        origin = names.named.documents.get(line.receipt_id, "") if line.receipt_id is not None else ""
        detail = " · ".join(part for part in (said, place, origin) if part)
        blocks += [Text(f"  {detail}")] if detail else []
    elif line.receipt_id is not None and line.receipt_id in names.named.documents:
        blocks.append(Text(f"  {names.named.documents[line.receipt_id]}"))
    return blocks


def _entry(line: EntryLine, money: Currency, names: Names) -> list[Block]:
    own = currency(line.currency) if line.currency else money
    account = f"{line.account} {names.accounts.get(line.account, '')}".rstrip()
    party = names.named.parties.get(line.party_id, "") if line.party_id is not None else ""
    below = " · ".join(part for part in (party, line.description) if part)
    blocks: list[Block] = [Columns(account, grouped_text(line.amount, own))]
    return [*blocks, *([Text(f"  {below}")] if below else [])]
