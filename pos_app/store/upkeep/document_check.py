"""One document against itself: its hash, its bytes, what it posts today, its rows and their sums.

Plain tuples by the places of their columns: this is run for every document of a history.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Final

from pos_app.language import said
from pos_app.ledger import canonical
from pos_app.ledger.document import Document, Trade
from pos_app.ledger.posting import rules as posting_rules
from pos_app.store.documents.rows import WRITE_ORDER, Sealed, rows_of
from pos_app.store.tables.tables import ledger_metadata

Row = tuple[Any, ...]


def _places(table: str) -> dict[str, int]:
    return {column.name: place for place, column in enumerate(ledger_metadata.tables[table].columns)}


_OF_DOCUMENT: Final = _places("document")
_OF_LINE: Final = _places("journal_line")
_OF_ITEM: Final = _places("document_line")
_TOTALS: Final = tuple(_OF_DOCUMENT[name] for name in ("subtotal", "tax_total", "total"))
PREV_HASH: Final = _OF_DOCUMENT["prev_hash"]
HASH: Final = _OF_DOCUMENT["hash"]
SIGNATURE: Final = _OF_DOCUMENT["signature"]
_DIGEST: Final = _OF_DOCUMENT["posting_digest"]
BODY: Final = _OF_DOCUMENT["body"]
_BUSINESS, _CURRENCY = _OF_LINE["business_id"], _OF_LINE["currency"]
_AMOUNT, _BASE_AMOUNT = _OF_LINE["amount"], _OF_LINE["base_amount"]
_NET, _TAX = _OF_ITEM["net"], _OF_ITEM["tax"]
_LINES: Final = WRITE_ORDER.index("journal_line")
_ITEMS: Final = WRITE_ORDER.index("document_line")


def check(row: Row, parts: list[list[Row]], moment: Callable[[datetime], Any]) -> Iterator[str]:
    """A sentence for each thing that is wrong with one document.

    `row` is its row of `document` and `parts` are its other rows, in `WRITE_ORDER`, as they were before
    they were closed; `moment` writes a time as the engine keeps it.
    """
    body, prev_hash, hash_ = bytes(row[BODY]), bytes(row[PREV_HASH]), bytes(row[HASH])
    if canonical.chain(prev_hash, body) != hash_:
        yield said("archive-hash-wrong")
    try:
        sealed = _sealed(body, prev_hash, hash_, row[SIGNATURE])
        expected = rows_of(sealed, moment)
    except posting_rules.NO_DOCUMENT as error:
        yield f"its bytes cannot be posted again: {error}"
        return
    if sealed.posting_digest != bytes(row[_DIGEST]):
        yield said("posts-other-lines")
    for name, wanted, found in zip(WRITE_ORDER, expected, (*parts, row), strict=True):
        if wanted != found:
            yield said("rows-not-the-bytes", table=name)
    yield from _check_sums(sealed.document, row, parts)


def _sealed(body: bytes, prev_hash: bytes, hash_: bytes, signature: bytes | None) -> Sealed:
    again: Document = canonical.decode(body)
    posted = posting_rules.post(again)
    return Sealed(again, body, prev_hash, hash_, posted, posting_rules.digest(posted), signature)


def _comes_to_zero(lines: list[Row]) -> bool:
    """In every business, in each currency and in base currency."""
    if len({(line[_BUSINESS], line[_CURRENCY]) for line in lines}) <= 1:
        # Most documents are of one business in one currency.
        return not (sum([line[_AMOUNT] for line in lines]) or sum([line[_BASE_AMOUNT] for line in lines]))
    sums: dict[tuple[int, str], int] = {}
    for line in lines:
        business = line[_BUSINESS]
        in_currency, in_base = (business, line[_CURRENCY]), (business, "")
        sums[in_currency] = sums.get(in_currency, 0) + line[_AMOUNT]
        sums[in_base] = sums.get(in_base, 0) + line[_BASE_AMOUNT]
    return not any(sums.values())


def _check_sums(again: Document, row: Row, parts: list[list[Row]]) -> Iterator[str]:
    """Sums over the stored rows, by themselves: journal lines to zero, goods lines to the totals."""
    if not _comes_to_zero(parts[_LINES]):
        yield said("lines-not-zero")
    items = parts[_ITEMS]
    if items or isinstance(again, Trade):
        net, tax = sum([item[_NET] for item in items]), sum([item[_TAX] for item in items])
        subtotal, tax_total, total = _TOTALS
        if (net, tax, net + tax) != (row[subtotal], row[tax_total], row[total]):
            yield said("document-totals-wrong")
