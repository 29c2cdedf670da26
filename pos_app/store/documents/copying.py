"""Rows of documents as Postgres's binary COPY reads them, by one packing function for each table.

Most cells are integers, so a row is two or three calls of a precompiled `Struct` and a few texts;
texts and endings that come again and again (accounts, tax codes, "no party, drawer 3") are made once.
A number of more than 64 bits raises `OverflowError`.
"""

import struct
from collections.abc import Callable, Sequence
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
_line_head: Final = _ints(5, 12)
_move_row: Final = _ints(7, 7)
_item_head: Final = _ints(5, 16)
_tender_head: Final = _ints(4, 12)
_open_head: Final = _ints(5, 12)
_cost_row: Final = _ints(8, 8)
_document_head: Final = _ints(4, 37)
_document_middle: Final = _ints(5)


def _text(value: str) -> bytes:
    encoded = value.encode()
    return _size(len(encoded)) + encoded


_known_text: Final = lru_cache(maxsize=20_000)(_text)


def _bytes(value: bytes) -> bytes:
    return _size(len(value)) + value


def _maybe(value: int | None) -> bytes:
    return _NULL if value is None else _one(8, value)


@lru_cache(maxsize=4096)
def _two_texts(first: str, second: str) -> bytes:
    return _text(first) + _text(second)


@lru_cache(maxsize=20_000)
def _line_end(role: str | None, party: int | None, drawer: int | None) -> bytes:
    return (_NULL if role is None else _text(role)) + _maybe(party) + _maybe(drawer)


def _moment(value: datetime) -> int:
    since = value - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def _journal_lines(rows: Sequence[Row], add: Callable[[tuple[bytes, ...]], None]) -> None:
    for org, key, number, year, business, account, currency, amount, base, role, party, drawer in rows:
        add(
            (
                _line_head(12, 8, org, 8, key, 8, number, 8, year, 8, business),
                _two_texts(account, currency),
                _two(8, amount, 8, base),
                _line_end(role, party, drawer),
            )
        )


def _stock_moves(rows: Sequence[Row], add: Callable[[tuple[bytes, ...]], None]) -> None:
    for org, key, number, year, location, product, quantity in rows:
        add((_move_row(7, 8, org, 8, key, 8, number, 8, year, 8, location, 8, product, 8, quantity),))


def _items(rows: Sequence[Row], add: Callable[[tuple[bytes, ...]], None]) -> None:
    for (
        org, key, number, year, business, product, description, quantity, price, discount,
        code, rate, net, tax, origin, fine,
    ) in rows:  # fmt: skip
        add(
            (
                _item_head(16, 8, org, 8, key, 8, number, 8, year, 8, business),
                _maybe(product),
                _known_text(description),
                _three(8, quantity, 8, price, 8, discount),
                _known_text(code),
                _three(8, rate, 8, net, 8, tax),
                _maybe(origin),
                _one(8, fine),
            )
        )


def _tenders(rows: Sequence[Row], add: Callable[[tuple[bytes, ...]], None]) -> None:
    for org, key, number, year, kind, amount, account, reference, drawer, is_change, paid, currency in rows:
        add(
            (
                _tender_head(12, 8, org, 8, key, 8, number, 8, year),
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


def _open_items(rows: Sequence[Row], add: Callable[[tuple[bytes, ...]], None]) -> None:
    for org, key, number, year, business, role, party, invoice, due_on, currency, amount, base in rows:
        add(
            (
                _open_head(12, 8, org, 8, key, 8, number, 8, year, 8, business),
                _known_text(role),
                _three(8, party, 8, invoice, 8, due_on),
                _known_text(currency),
                _two(8, amount, 8, base),
            )
        )


def _cost_lines(rows: Sequence[Row], add: Callable[[tuple[bytes, ...]], None]) -> None:
    for org, key, number, year, business, product, quantity, value in rows:
        add(
            (
                _cost_row(
                    8, 8, org, 8, key, 8, number, 8, year, 8, business, 8, product, 8, quantity, 8, value
                ),
            )
        )


def _documents(rows: Sequence[Row], add: Callable[[tuple[bytes, ...]], None]) -> None:
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
                _document_middle(8, number, 8, year, 8, _moment(occurred), 8, _moment(recorded), 8, person),
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


def streams(batch: Sequence[Rows]) -> tuple[bytes, ...]:
    """The rows of many documents as one COPY for each table, in the order in which they are written.

    A table that gets no row has an empty one.
    """
    packed = []
    for place, name in enumerate(Rows._fields):
        cells: list[bytes] = [_HEADER]
        pack = _PACKERS[name]
        for rows in batch:
            part = rows[place] if name != "document" else (rows.document,)
            try:
                pack(part, cells.extend)
            except struct.error as error:
                raise OverflowError("a number in it is too big for the database") from error
        cells.append(_END)
        packed.append(b"".join(cells) if len(cells) > 2 else b"")
    return tuple(packed)
