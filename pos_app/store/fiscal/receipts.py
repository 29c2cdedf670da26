"""The state of every invoice: read on both sides, written by the worker and by people at the centre.

The functions work inside the caller's transaction.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, text

from pos_app.fiscal.invoice import BACK, SOLD
from pos_app.fiscal.regime import ASIDE, REFUSED, SENT, SIGNED, WAITING, Receipt, Signed
from pos_app.language import Sentence
from pos_app.store.fiscal import sayings


@dataclass(frozen=True)
class Kept:
    """A row: whose invoice it is, what it takes from, and the fiscal side of it."""

    org_id: int
    document_id: int
    depot_id: int
    trader_no: str
    original_id: int | None
    made_us: int
    said: Sentence | None
    figures: dict[str, tuple[int, int]]
    receipt: Receipt

    @property
    def key(self) -> dict[str, int]:
        """What it is known by."""
        return {
            "org": self.org_id,
            "document": self.document_id,
            "business": self.receipt.business_id,
            "part": self.receipt.part,
        }

    @property
    def takes_back(self) -> bool:
        """Whether it is a credit note."""
        return self.receipt.part == BACK


_COLUMNS: Final = (
    "org_id, document_id, business_id, part, depot_id, regime, state, trader_no, original_id, made_us,"
    " number, receipt_no, total_no, unit, label, internal, signature, signed_at, qr, original, said, figures"
)
_OWN: Final = "org_id = :org AND document_id = :document AND business_id = :business AND part = :part"


def of_document(connection: Connection, org_id: int, document_id: int) -> list[Kept]:
    """What is signed of a document, sales first; what nobody signs anything of is left out."""
    return _rows(
        connection,
        "org_id = :org AND document_id = :document AND NOT (state = 'aside' AND said = '')"
        " ORDER BY part, business_id",
        {"org": org_id, "document": document_id},
    )


def find(connection: Connection, org_id: int, business_id: int, trader_no: str) -> Kept | None:
    """The invoice of a printed number among those that are open."""
    found = _rows(
        connection,
        "org_id = :org AND business_id = :business AND state IN ('waiting', 'sent', 'refused')"
        " AND trader_no = :trader LIMIT 1",
        {"org": org_id, "business": business_id, "trader": trader_no},
    )
    return found[0] if found else None


def with_number(connection: Connection, org_id: int, business_id: int, number: int) -> Kept | None:
    """The invoice that a device's number was given to."""
    found = _rows(
        connection,
        "org_id = :org AND business_id = :business AND number = :number AND number > 0",
        {"org": org_id, "business": business_id, "number": number},
    )
    return found[0] if found else None


def of_state(
    connection: Connection, org_id: int, states: Sequence[str], most: int, business_id: int = 0
) -> list[Kept]:
    """Those that stand so, the oldest first."""
    return _rows(
        connection,
        "org_id = :org AND state = ANY (:states) AND (:business = 0 OR business_id = :business)"
        " AND NOT (state = 'aside' AND said = '') ORDER BY made_us, document_id, part LIMIT :most",
        {"org": org_id, "states": list(states), "business": business_id, "most": most},
    )


def counts(connection: Connection, org_id: int) -> dict[int, dict[str, int]]:
    """How many stand how, by business: of those that are still open."""
    found: dict[int, dict[str, int]] = {}
    rows = connection.execute(
        text(
            "SELECT business_id, state, count(*) FROM fiscal_receipt WHERE org_id = :org"
            " AND state IN ('waiting', 'sent', 'refused') GROUP BY business_id, state"
        ),
        {"org": org_id},
    )
    for business_id, state, count in rows:
        found.setdefault(int(business_id), {})[str(state)] = int(count)
    return found


def oldest_open_us(connection: Connection, org_id: int, business_id: int) -> int | None:
    """When the oldest invoice that waits for the device was made (microseconds since 1970)."""
    found = connection.execute(
        text(
            "SELECT min(made_us) FROM fiscal_receipt WHERE org_id = :org AND business_id = :business"
            " AND state IN ('waiting', 'sent')"
        ),
        {"org": org_id, "business": business_id},
    ).scalar_one()
    return None if found is None else int(found)


# --- what the worker does --------------------------------------------------------------------------------

#: So many that wait are looked at in a turn: a credit note may wait for its invoice.
_LOOKED_AT: Final = 50


def under_way(connection: Connection, org_id: int, business_id: int) -> Kept | None:
    """The invoice that was sent, or was about to be, and of which nobody heard."""
    found = of_state(connection, org_id, (SENT,), 1, business_id)
    return found[0] if found else None


def waiting(connection: Connection, org_id: int, business_id: int) -> list[Kept]:
    """The oldest that wait."""
    return of_state(connection, org_id, (WAITING,), _LOOKED_AT, business_id)


def original_of(connection: Connection, kept: Kept) -> Kept | None:
    """The invoice that one takes from, where there is a row of it."""
    if kept.original_id is None:
        return None
    found = _rows(connection, _OWN, {**kept.key, "document": kept.original_id, "part": SOLD})
    return found[0] if found else None


def is_in_books(connection: Connection, org_id: int, document_id: int) -> bool:
    """Whether a document has reached the centre."""
    found = connection.execute(
        text("SELECT 1 FROM document WHERE org_id = :org AND document_id = :document"),
        {"org": org_id, "document": document_id},
    )
    return found.scalar_one_or_none() is not None


def give_number(connection: Connection, kept: Kept, number: int) -> None:
    """From now on this number is this invoice's, until the device refuses it."""
    _set(connection, kept, f"state = '{SENT}', number = :number, said = ''", number=number)


def put_back(connection: Connection, kept: Kept) -> None:
    """It waits again, without a number."""
    _set(connection, kept, f"state = '{WAITING}', number = 0, said = ''")


def sign(connection: Connection, kept: Kept, number: int, signed: Signed, original: str) -> None:
    """Keep what the device made of it; nothing of that is ever changed."""
    _set(
        connection,
        kept,
        f"state = '{SIGNED}', number = :number, receipt_no = :receipt, total_no = :total, unit = :unit,"
        " label = :label, internal = :internal, signature = :signature, signed_at = :at, qr = :qr,"
        " original = :original, figures = :figures, said = ''",
        number=number,
        receipt=signed.receipt_no,
        total=signed.total_no,
        unit=signed.unit,
        label=signed.label,
        internal=signed.internal,
        signature=signed.signature,
        at=signed.at,
        qr=signed.qr,
        original=original,
        figures=json.dumps(signed.figures),
    )


def refuse(connection: Connection, kept: Kept, says: Sentence) -> None:
    """It waits for a person; its number is free again."""
    _set(connection, kept, f"state = '{REFUSED}', number = 0, said = :said", said=sayings.written(says))


# --- what a person does ----------------------------------------------------------------------------------


def set_aside(connection: Connection, kept: Kept, says: Sentence) -> None:
    """Nothing is sent of it any more, because a person said so."""
    _set(connection, kept, f"state = '{ASIDE}', number = 0, said = :said", said=sayings.written(says))


def name_original(connection: Connection, kept: Kept, original_id: int) -> None:
    """Say which document it takes from."""
    _set(connection, kept, "original_id = :original", original=original_id)


def _set(connection: Connection, kept: Kept, what: str, **bound: Any) -> None:
    # What was signed meanwhile stays: the database refuses to change it.
    connection.execute(text(f"UPDATE fiscal_receipt SET {what} WHERE {_OWN}"), {**kept.key, **bound})


def _rows(connection: Connection, where: str, bound: dict[str, Any]) -> list[Kept]:
    rows = connection.execute(text(f"SELECT {_COLUMNS} FROM fiscal_receipt WHERE {where}"), bound)
    return [_kept(row) for row in rows]


def _kept(row: Any) -> Kept:
    figures = json.loads(row.figures) if row.figures.startswith("{") else {}
    return Kept(
        int(row.org_id),
        int(row.document_id),
        int(row.depot_id),
        row.trader_no,
        row.original_id,
        int(row.made_us),
        sayings.read(row.said),
        {str(name): (int(pair[0]), int(pair[1])) for name, pair in figures.items()},
        Receipt(
            regime=row.regime,
            state=row.state,
            part=int(row.part),
            business_id=int(row.business_id),
            number=int(row.number),
            receipt_no=int(row.receipt_no),
            total_no=int(row.total_no),
            unit=row.unit,
            label=row.label,
            internal=row.internal,
            signature=row.signature,
            signed_at=row.signed_at,
            qr=row.qr,
            original=row.original,
        ),
    )
