"""The vouchers and deposit slips that a document issues, on the paper below it: torn off, kept, brought back.

Each says what it is for, how much is owed for it, its number to read and as bars to scan.
"""

from pos_app.devices.paper import Barcode, Block, Columns, Rule, Space, Text
from pos_app.language import printed
from pos_app.ledger import chit as chits
from pos_app.ledger.currency import Currency
from pos_app.ledger.day import to_date
from pos_app.ledger.document import CreditNote, DepositReturn, Document, Invoice, Refund, Sale
from pos_app.ledger.line import Chit, GoodsLine, PartyRole
from pos_app.ledger.money import grouped_text
from pos_app.ledger.quantity import quantity_text


def issued(document: Document) -> list[GoodsLine]:
    """The lines for which a document issues a chit."""
    if not isinstance(document, Sale | Refund | Invoice | CreditNote):
        return []
    return [line for line in document.lines if line.chit is not None and line.chit.document_id == 0]


def chit_slips(document: Document, organisation: str, money: Currency) -> list[Block]:
    """The chits that a document issues; none of most."""
    blocks: list[Block] = []
    for line in issued(document):
        if line.chit is not None:
            blocks += [Space(), Rule(), *_chit(line, line.chit, organisation, money)]
    return blocks


def chit_title(chit: Chit) -> str:
    """What a chit is called in a line of paper."""
    return printed("Voucher") if chit.role is PartyRole.VOUCHER else printed("Deposit slip")


def _chit(line: GoodsLine, chit: Chit, organisation: str, money: Currency) -> list[Block]:
    what = f"{quantity_text(line.quantity)} {line.unit} {line.description}"
    last = to_date(chit.expires_on).strftime("%d.%m.%Y") if chit.expires_on else ""
    if chit.role is PartyRole.VOUCHER:
        title, words = printed("VOUCHER"), printed("Pays for goods, also in parts. Keep it like money.")
    else:
        title, words = printed("DEPOSIT SLIP"), printed("Paid back against this slip. Keep it like money.")
    return [
        Text(organisation, "centre"),
        Text(title, "centre", bold=True, size=2),
        Columns(what, grouped_text(abs(line.gross), money), bold=True),
        *([Columns(printed("Good until"), last)] if last else []),
        Text(chits.text_of(chit.role, chit.number), "centre", bold=True, size=2),
        Barcode(chits.barcode_of(chit.role, chit.number)),
        Text(words, "centre"),
    ]


def paid_back(document: DepositReturn, money: Currency) -> list[Block]:
    """Of which slip so much was paid back."""
    chit = document.chit
    total = printed("Total {currency}", currency=money.code)
    return [
        Columns(chit_title(chit), chits.text_of(chit.role, chit.number)),
        Columns(total, grouped_text(document.total + document.rounding, money), bold=True, size=2),
        *(
            [Columns(printed("Rounding to cash"), grouped_text(document.rounding, money))]
            if document.rounding
            else []
        ),
    ]
