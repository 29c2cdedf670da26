"""What stands on paper of a signature, as its regime says it: on a roll as blocks, on A4 as remarks."""

from collections.abc import Sequence

from pos_app.devices.paper import Barcode, Block, Columns, Rule, Space, Text
from pos_app.fiscal import regimes
from pos_app.fiscal.regime import PaperLine, Receipt


def fiscal_blocks(receipts: Sequence[Receipt], *, is_copy: bool) -> list[Block]:
    """The blocks of a receipt; nothing where nobody signs it."""
    blocks: list[Block] = []
    for receipt in receipts:
        lines = _lines(receipt, is_copy)
        blocks += [Rule(), *(_block(line) for line in lines)] if lines else []
    return blocks


def fiscal_remarks(receipts: Sequence[Receipt], *, is_copy: bool) -> list[str]:
    """The same as lines of text."""
    lines = [line for receipt in receipts for line in _lines(receipt, is_copy) if not line.is_qr]
    return [f"{line.words}: {line.value}" if line.value else line.words for line in lines]


def fiscal_qrs(receipts: Sequence[Receipt]) -> list[str]:
    """What is drawn as a QR."""
    return [line.words for receipt in receipts for line in _lines(receipt, False) if line.is_qr]


def _lines(receipt: Receipt, is_copy: bool) -> list[PaperLine]:
    known = regimes.known(receipt.regime)
    return [] if known is None else known.paper(receipt, is_copy=is_copy)


def _block(line: PaperLine) -> Block:
    if line.is_qr:
        return Barcode(line.words, "qr")
    if line.value:
        return Columns(line.words, line.value, bold=line.is_bold)
    return Text(line.words, "centre", bold=line.is_bold) if line.words else Space()
