"""The body of a paper for goods that were sold or taken back: lines, what was paid, tax by rate, who sells.

Decisions
---------
2026-11-29  A basket over two businesses is one paper with two parts: each names its seller with address and
tax number, what the law calls its part, its goods, its sum and its own tax.  To be paid is one total.
2026-11-29  Tax is named as itself, with its rate, and the letter that stands at the lines: "VAT 16 % (A)".
Zero-rated and exempt goods say which of the two they are, since the law does not mean the same by them.
"""

from collections.abc import Sequence
from itertools import groupby

from pos_app.devices.paper import Block, Columns, Rule, Space, Text
from pos_app.language import printed
from pos_app.ledger.currency import Currency, currency
from pos_app.ledger.day import to_date
from pos_app.ledger.document import CreditNote, Invoice, Refund, Trade
from pos_app.ledger.exchange_rate import RATE_ONE, major_rate
from pos_app.ledger.exchange_rate import rate_text as exchange_text
from pos_app.ledger.line import Change, GoodsLine, Points, Tender, Weighed
from pos_app.ledger.money import grouped_text
from pos_app.ledger.price import Price, price_text
from pos_app.ledger.quantity import ONE, extend, quantity_text
from pos_app.ledger.tax import NO_SALE
from pos_app.reports.ask.sellers import tax_number
from pos_app.reports.ask.tax import rate_text
from pos_app.reports.slips.letterhead import Letterhead, Names
from pos_app.reports.slips.slip import returnables
from pos_app.reports.slips.tax_invoice import SIMPLIFIED, tax_called, words_of
from pos_app.reports.slips.titles import tender_name
from pos_app.store.master.letterheads import Seller

Goods = Trade | Invoice | CreditNote


def trade_slip(document: Trade, money: Currency, head: Letterhead, names: Names) -> list[Block]:
    """Of a sale or a refund."""
    blocks = _parts(document, money, head, names)
    blocks += rounded(document.rounding, money)
    is_refund = isinstance(document, Refund)
    label = printed("Refund {currency}", currency=money.code) if is_refund else _total(money)
    due = document.total + document.rounding
    blocks += [Columns(label, grouped_text(due, money), bold=True, size=2), Space()]
    blocks += tenders(document.tenders, document.change, money)
    blocks += points_told(document.points, is_refund=is_refund)
    return [*blocks, *_foot(document, money, head, names)]


def points_told(points: Points | None, *, is_refund: bool) -> list[Block]:
    """The points that were given or taken back, and how many the customer has now."""
    if points is None:
        return []
    blocks: list[Block] = []
    if points.points:
        label = printed("Points taken back") if is_refund else printed("Points earned")
        name = f"{label}, {points.tier}" if points.tier and not is_refund else label
        blocks.append(Columns(name, str(points.points)))
    return [*blocks, Columns(printed("Your points"), str(points.left))]


def rounded(rounding: int, money: Currency) -> list[Block]:
    """What coins pay more or less than the sum, where they do."""
    if not rounding:
        return []
    return [Columns(printed("Rounding to cash"), grouped_text(rounding, money))]


def invoice_slip(
    document: Invoice | CreditNote, money: Currency, head: Letterhead, names: Names
) -> list[Block]:
    """Of an invoice or a credit note on a roll."""
    blocks = _parts(document, money, head, names)
    blocks.append(Columns(_total(money), grouped_text(document.total, money), bold=True, size=2))
    if isinstance(document, Invoice):
        blocks.append(
            Columns(printed("To be paid by"), to_date(document.due_on).strftime("%d.%m.%Y"), bold=True)
        )
    else:
        blocks.append(Text(printed("Takes from invoice {number}", number=document.invoice_number).strip()))
    return [*blocks, *_foot(document, money, head, names)]


def sellers_of(document: Goods, head: Letterhead) -> list[Seller]:
    """Whose goods are on it, in the order of the lines; of a paper without lines, whose paper it is."""
    keys = dict.fromkeys(line.business_id for line in document.lines) or {document.business_id: None}
    return [head.sellers[key] for key in keys if key in head.sellers]


def law_words(document: Goods, seller: Seller, head: Letterhead, customer: str) -> str:
    """What the law calls the part of a seller; nothing on what takes back."""
    if isinstance(document, Refund | CreditNote):
        return ""
    lines = [line for line in document.lines if line.business_id == seller.business_id]
    return words_of(
        head.currency,
        seller,
        lines,
        head.taxes,
        total=sum(line.gross for line in lines),
        currency=document.currency,
        customer=customer,
    )


def seller_lines(seller: Seller, organisation: str) -> list[Block]:
    """Who sells, as the register of companies has it, where, and under which tax number."""
    named = [seller.full_name] if seller.full_name != organisation else []
    lines = [*named, *seller.address.split("\n"), seller.phone]
    blocks: list[Block] = [Text(line, "centre") for line in lines if line]
    return [*blocks, *([Text(tax_number(seller), "centre")] if seller.tax_number else [])]


def _total(money: Currency) -> str:
    return printed("Total {currency}", currency=money.code)


def _parts(document: Goods, money: Currency, head: Letterhead, names: Names) -> list[Block]:
    """The goods of each seller, with who it is where there are several."""
    blocks: list[Block] = [Text(printed("Amounts in {currency}", currency=money.code), "right")]
    sellers = sellers_of(document, head)
    if len(sellers) < 2:
        return [*blocks, *(block for line in document.lines for block in _goods(line, money)), Rule()]
    for seller in sellers:
        own = [line for line in document.lines if line.business_id == seller.business_id]
        words = law_words(document, seller, head, names.party)
        blocks += seller_lines(seller, "")
        blocks += [Text(words, "centre", bold=True)] if words else []
        for line in own:
            blocks += _goods(line, money)
        part = f"{seller.name} {money.code}"
        blocks.append(Columns(part, grouped_text(sum(line.gross for line in own), money), bold=True))
        blocks += [*_tax(own, money, head), Rule()]
    return blocks


def _foot(document: Goods, money: Currency, head: Letterhead, names: Names) -> list[Block]:
    """Tax where one seller has it all, what the law adds, and cylinders."""
    sellers = sellers_of(document, head)
    blocks: list[Block] = [Rule()]
    if len(sellers) < 2:
        blocks += _tax(document.lines, money, head)
    for seller in sellers:
        if law_words(document, seller, head, names.party) == SIMPLIFIED:
            tax = tax_called(document.lines[0].tax_code, head.taxes, head.currency)
            blocks.append(Text(printed("Price payable includes {tax}", tax=tax)))
            break
    if document.returnables:
        blocks += [Rule(), *returnables(document.returnables, names, sold=_sells(document))]
    return blocks


def _sells(document: Goods) -> bool:
    """Whether goods go out with it."""
    return not isinstance(document, Refund | CreditNote)


def _goods(line: GoodsLine, money: Currency) -> list[Block]:
    amount = grouped_text(line.extended if not line.tax_inclusive else line.gross, money)
    blocks: list[Block] = [Columns(line.description, amount)]
    quantity, unit, price = counted(line)
    whole_price = price_text(price, money)
    blocks.append(Text(f"  {quantity_text(quantity)} {unit} × {whole_price}  {line.tax_code}"))
    if line.batch or line.expires_on is not None:
        blocks.append(Text(f"  {lot_words(line)}"))
    if line.meter_after is not None:
        blocks += [Text(f"  {words}") for words in readings(line)]
    if line.weighed is not None:
        blocks.append(Text(f"  {weights(line.weighed)}"))
    if line.promotion:
        blocks.append(Columns(f"  {line.promotion}", grouped_text(-line.discount, money)))
    elif line.discount:
        blocks.append(Text(f"  {printed('discount {amount}', amount=grouped_text(-line.discount, money))}"))
    if noted(line):
        blocks.append(Text(f"  {noted(line)}"))
    return blocks


def noted(line: GoodsLine) -> str:
    """What was written on a line for whoever gets the paper."""
    return "" if line.note_inside else line.note


def counted(line: GoodsLine) -> tuple[int, str, Price]:
    """How many of what at which price: packs, where the goods of a line go in packs.

    Thousandths, the words of the unit, and minor units.
    """
    pack = line.pack
    if pack is None:
        return line.quantity, line.unit, line.price
    words = printed("{pack} of {count}", pack=pack.word, count=quantity_text(pack.size))
    return pack.count(line.quantity) * ONE, words, extend(line.price, pack.size)


def lot_words(line: GoodsLine) -> str:
    """Batch and last day as the pack has them."""
    day = "" if line.expires_on is None else to_date(line.expires_on).strftime("%d.%m.%Y")
    batch = printed("Lot {batch}", batch=line.batch) if line.batch else ""
    return " ".join(part for part in (batch, printed("exp. {day}", day=day) if day else "") if part)


def described(line: GoodsLine) -> str:
    """The goods of a line with their lot and promotion, as a row of a sheet has them."""
    parts = (line.description, lot_words(line), line.promotion, noted(line))
    return " · ".join(part for part in parts if part)


def readings(line: GoodsLine) -> list[str]:
    """Where the meter of a line stood and stands, and why it shows less where it does."""
    before, after = quantity_text(line.meter_before or 0), quantity_text(line.meter_after or 0)
    words = [printed("meter {before} to {after}", before=before, after=after)]
    if line.meter_turn:
        words.append(printed("it turned over at {turn}", turn=quantity_text(line.meter_turn)))
    if line.meter_replaced is not None:
        words.append(printed("new meter; the old one showed {last}", last=quantity_text(line.meter_replaced)))
    return words


def weights(weighed: Weighed) -> str:
    """What a cylinder weighed when it came back, in kilograms, beside what it weighs empty and holds."""
    grams = (weighed.gross_g, weighed.tare_g, weighed.content_g)
    gross, tare, content = (quantity_text(each) for each in grams)
    return printed(
        "weighed {gross} kg, empty {tare} kg, a fill {content} kg", gross=gross, tare=tare, content=content
    )


def tenders(taken: tuple[Tender, ...], change: Change | None, money: Currency) -> list[Block]:
    """How money changed hands, and what was handed back of it."""
    blocks: list[Block] = []
    for tender in taken:
        name = tender_name(tender.kind)
        left = f"{name} {tender.reference}" if tender.reference else name
        blocks.append(Columns(left, grouped_text(tender.amount, money)))
        if tender.paid_to:
            blocks.append(Text(f"  {printed('to {number}', number=tender.paid_to)}"))
        if tender.cheque is not None:
            blocks.append(Text(f"  {tender.cheque.bank}, {to_date(tender.cheque.dated_on).isoformat()}"))
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
        else printed("{money} at {rate}", money=said, rate=exchange_text(rate))
    )


def _tax(lines: Sequence[GoodsLine], money: Currency, head: Letterhead) -> list[Block]:
    """Net and tax for each code: what the tax office wants to see."""
    blocks: list[Block] = []

    def code(line: GoodsLine) -> tuple[str, int]:
        return line.tax_code, line.tax_rate_bp

    # What is no sale has no tax, not even one of nothing.
    taxed = [line for line in lines if line.tax_code not in NO_SALE]
    for (name, rate_bp), group in groupby(sorted(taxed, key=code), key=code):
        own = list(group)
        net, tax = sum(line.net for line in own), sum(line.tax for line in own)
        said = printed("{tax} on {net}", tax=tax_words(name, rate_bp, head), net=grouped_text(net, money))
        blocks.append(Columns(said, grouped_text(tax, money)))
    return blocks


def tax_words(code: str, rate_bp: int, head: Letterhead) -> str:
    """ "VAT 16 % (A)", "Zero-rated (B)", "Exempt (E)": a tax with its rate and the letter of the lines."""
    treatment = head.taxes[code].treatment if code in head.taxes else ""
    if not rate_bp and treatment == "exempt":
        return printed("Exempt ({code})", code=code)
    if not rate_bp and treatment == "zero":
        return printed("Zero-rated ({code})", code=code)
    called = tax_called(code, head.taxes, head.currency)
    return f"{called} {rate_text(rate_bp)} ({code})".strip()
