"""What documents post, added up by a centre: every balance with the moment of its last change."""

from collections.abc import Iterator
from typing import Any, Final

from pos_app.ledger.document import Document
from pos_app.ledger.posting.posting import Posting
from pos_app.store.tables.projections import PROJECTIONS

COLUMNS: Final = {one.name: (*one.keys, *one.values) for one in PROJECTIONS if one.from_centre}
_WIDTH: Final = {one.name: len(one.values) for one in PROJECTIONS}

Key = tuple[Any, ...]
#: Stamp, key, cells.
Row = tuple[int, Key, tuple[Any, ...]]


class Sums:
    """Balances by kind and key (without the organisation); the last changed come last."""

    def __init__(self) -> None:
        self._of: dict[str, dict[Key, tuple[int, tuple[int, ...]]]] = {name: {} for name in COLUMNS}
        self._org = 0

    def add(self, document: Document, posted: Posting, stamp: int) -> None:
        """One more document is in the books, in a transaction of this stamp."""
        self._org = document.org_id
        for kind, key, values in _changes(document, posted):
            rows = self._of[kind]
            _, before = rows.pop(key, (0, (0,) * _WIDTH[kind]))
            rows[key] = (stamp, tuple(left + right for left, right in zip(before, values, strict=True)))

    def since(self, kind: str, stamp: int) -> list[Row]:
        """What changed at this stamp and after: stamp, key, row."""
        found = []
        for key, (changed, values) in reversed(self._of[kind].items()):
            if changed < stamp:
                break
            found.append((changed, key, (self._org, *key, *values)))
        return found

    def copied(self) -> "Sums":
        """The same, to be added to by itself."""
        made = Sums()
        made._of, made._org = {kind: dict(rows) for kind, rows in self._of.items()}, self._org
        return made

    def figures(self) -> dict[str, dict[Key, tuple[int, ...]]]:
        """Every balance that is something, under its whole key."""
        return {
            kind: {(self._org, *key): values for key, (_, values) in rows.items() if any(values)}
            for kind, rows in self._of.items()
        }


def _changes(document: Document, posted: Posting) -> Iterator[tuple[str, Key, tuple[int, ...]]]:
    for line in posted.lines:
        currency = line.currency or document.currency
        values = (line.amount, line.base_amount)
        yield "account_balance", (line.business_id, line.account, currency), values
        if line.party_id is not None and line.party_role is not None:
            role = line.party_role.value
            yield "party_balance", (role, line.party_id, currency), values
            yield "party_in_business", (role, line.party_id, line.business_id, currency), values
        if line.drawer_id is not None:
            yield "drawer_cash", (line.drawer_id, currency), (line.amount,)
    for move in posted.moves:
        yield "stock_level", (move.location_id, move.product_id), (move.quantity,)
    for item in posted.open_items:
        key = (item.party_role.value, item.party_id, item.business_id, item.invoice_id, item.due_on)
        yield "open_invoice", (*key, document.currency), (item.amount, item.base_amount)
    for cost in posted.costs:
        yield "stock_value", (cost.business_id, cost.product_id), (cost.quantity, cost.value)
