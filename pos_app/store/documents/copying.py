"""Rows of documents as Postgres's binary COPY reads them, by one packing function for each table.

Most cells are integers, so a row is one or two calls of a precompiled `Struct`; cells that come again and
again (accounts, tax codes, "line 3 of 2026", "no party, drawer 3") are made once, and the key of a document's
parts once a document.
A number of more than 64 bits raises `OverflowError`.
"""

import struct
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

from pos_app.store.documents.document_rows import Row
from pos_app.store.documents.rows import Rows

_HEADER: Final = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
_END: Final = b"\xff\xff"
_NULL: Final = b"\xff\xff\xff\xff"
#: Postgres counts its moments from here, in microseconds.
_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)

_size: Final = struct.Struct("!i").pack


def _ints(count: int, cells: int = 0) -> Callable[..., bytes]:
    """Packs `count` integers, each after its size (8); in front the number of cells of a new row."""
    return struct.Struct("!" + ("h" if cells else "") + "iq" * count).pack


_one, _two, _three, _four, _five, _six = (_ints(count) for count in range(1, 7))
_head_7, _head_8, _head_12, _head_16 = (_ints(2, cells) for cells in (7, 8, 12, 16))
_document_head: Final = _ints(4, 37)


def _text(value: str) -> bytes:
    encoded = value.encode()
    return _size(len(encoded)) + encoded


_known_text: Final = lru_cache(maxsize=20_000)(_text)


def _bytes(value: bytes) -> bytes:
    return _size(len(value)) + value


def _maybe(value: int | None) -> bytes:
    return _NULL if value is None else _one(8, value)


# What one row has like many others is made once, several cells at a time.


@lru_cache(maxsize=4096)
def _two_texts(first: str, second: str) -> bytes:
    return _text(first) + _text(second)


@lru_cache(maxsize=20_000)
def _line_end(role: str | None, party: int | None, drawer: int | None) -> bytes:
    return (_NULL if role is None else _text(role)) + _maybe(party) + _maybe(drawer)


@lru_cache(maxsize=4096)
def _place(number: int, year: int) -> bytes:
    return _two(8, number, 8, year)


@lru_cache(maxsize=4096)
def _place_of(number: int, year: int, business: int) -> bytes:
    return _three(8, number, 8, year, 8, business)


@lru_cache(maxsize=20_000)
def _goods(product: int | None, description: str) -> bytes:
    return _maybe(product) + _text(description)


@lru_cache(maxsize=4096)
def _taxed(code: str, rate: int) -> bytes:
    return _text(code) + _one(8, rate)


@lru_cache(maxsize=4096)
def _item_end(origin: int | None, fine: int) -> bytes:
    return _maybe(origin) + _one(8, fine)


def _moment(value: datetime) -> int:
    since = value - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


_Add = Callable[[tuple[bytes, ...]], None]


def _journal_lines(rows: Sequence[Row], add: _Add) -> None:
    head = _head_12(12, 8, rows[0][0], 8, rows[0][1])
    for _, _, number, year, business, account, currency, amount, base, role, party, drawer in rows:
        add(
            (
                head,
                _place_of(number, year, business),
                _two_texts(account, currency),
                _two(8, amount, 8, base),
                _line_end(role, party, drawer),
            )
        )


def _stock_moves(rows: Sequence[Row], add: _Add) -> None:
    head = _head_7(7, 8, rows[0][0], 8, rows[0][1])
    for _, _, number, year, location, product, quantity in rows:
        add((head, _place(number, year), _three(8, location, 8, product, 8, quantity)))


def _items(rows: Sequence[Row], add: _Add) -> None:
    head = _head_16(16, 8, rows[0][0], 8, rows[0][1])
    for (
        _, _, number, year, business, product, description, quantity, price, discount,
        code, rate, net, tax, origin, fine,
    ) in rows:  # fmt: skip
        add(
            (
                head,
                _place_of(number, year, business),
                _goods(product, description),
                _three(8, quantity, 8, price, 8, discount),
                _taxed(code, rate),
                _two(8, net, 8, tax),
                _item_end(origin, fine),
            )
        )


def _tenders(rows: Sequence[Row], add: _Add) -> None:
    head = _head_12(12, 8, rows[0][0], 8, rows[0][1])
    for _, _, number, year, kind, amount, account, reference, drawer, is_change, paid, currency in rows:
        add(
            (
                head,
                _place(number, year),
                _known_text(kind),
                _one(8, amount),
                _known_text(account),
                _text(reference),
                _maybe(drawer),
                _one(8, is_change),
                _maybe(paid),
                _NULL if currency is None else _known_text(currency),
            )
        )


def _open_items(rows: Sequence[Row], add: _Add) -> None:
    head = _head_12(12, 8, rows[0][0], 8, rows[0][1])
    for _, _, number, year, business, role, party, invoice, due_on, currency, amount, base in rows:
        add(
            (
                head,
                _place_of(number, year, business),
                _known_text(role),
                _three(8, party, 8, invoice, 8, due_on),
                _known_text(currency),
                _two(8, amount, 8, base),
            )
        )


def _cost_lines(rows: Sequence[Row], add: _Add) -> None:
    head = _head_8(8, 8, rows[0][0], 8, rows[0][1])
    for _, _, number, year, business, product, quantity, value in rows:
        add((head, _place_of(number, year, business), _three(8, product, 8, quantity, 8, value)))


def _documents(rows: Sequence[Row], add: _Add) -> None:
    for (
        org, key, terminal, seq, kind, request, series, number, year, occurred, recorded,
        person, approver, business, depot, shift, party, currency, rate, subtotal, tax, total,
        rounding, due_on, original, reverses, lines, moves, items, tenders, opened, costs,
        before, hash_, digest, signature, body,
    ) in rows:  # fmt: skip
        add(
            (
                _document_head(37, 8, org, 8, key, 8, terminal, 8, seq),
                _known_text(kind),
                _text(request),
                _known_text(series),
                _five(8, number, 8, year, 8, _moment(occurred), 8, _moment(recorded), 8, person),
                _maybe(approver),
                _two(8, business, 8, depot),
                _maybe(shift),
                _maybe(party),
                _known_text(currency),
                _five(8, rate, 8, subtotal, 8, tax, 8, total, 8, rounding),
                _maybe(due_on),
                _maybe(original),
                _maybe(reverses),
                _six(8, lines, 8, moves, 8, items, 8, tenders, 8, opened, 8, costs),
                _bytes(before),
                _bytes(hash_),
                _bytes(digest),
                _NULL if signature is None else _bytes(signature),
                _bytes(body),
            )
        )


_PACKERS: Final[dict[str, Any]] = {
    "journal_line": _journal_lines,
    "stock_move": _stock_moves,
    "document_line": _items,
    "tender": _tenders,
    "open_item": _open_items,
    "cost_line": _cost_lines,
    "document": _documents,
}


def streams(batch: Iterable[Rows]) -> tuple[bytes, ...]:
    """The rows of many documents as one COPY for each table, in the order in which they are written.

    A table that gets no row has an empty one.  A document's rows are let go before the next one's are asked
    for: those of a whole batch would be a hundred thousand small objects at once.
    """
    packed: list[list[bytes]] = [[_HEADER] for _ in Rows._fields]
    tables = [(_PACKERS[name], cells.extend) for name, cells in zip(Rows._fields, packed, strict=True)]
    seal, add_document = tables.pop()
    try:
        for rows in batch:
            for (pack, add), part in zip(tables, rows, strict=False):
                if part:
                    pack(part, add)
            seal((rows.document,), add_document)
    except struct.error as error:
        raise OverflowError("a number in it is too big for the database") from error
    return tuple([b"".join([*cells, _END]) if len(cells) > 1 else b"" for cells in packed])
