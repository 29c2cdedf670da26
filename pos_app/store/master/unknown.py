"""What is said of a code that nothing has: those that there are, or the ones most like it.

Depots and roles are few, and a person who mistyped one wants to see them.  Products may be half a million:
there the nearest are looked for among those that begin alike.
"""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Final

from sqlalchemy import Connection, text

from pos_app.language import Sentence, said
from pos_app.ledger.errors import Refused

#: So many are named.
_MOST: Final = 12
_NEAREST: Final = 3
#: So many products that begin alike are compared.
_COMPARED: Final = 2_000
_ALIKE: Final = 2


def depot(connection: Connection, org_id: int, code: str) -> Refused:
    """There is no such depot; names those that there are."""
    known = connection.scalars(
        text("SELECT code FROM depot WHERE org_id = :org ORDER BY code"), {"org": org_id}
    )
    return Refused("depot-unknown", code=code[:40], known=_named(code, known.all()))


def role(connection: Connection, org_id: int, code: str) -> Refused:
    """There is no such role; names those that may be given."""
    known = connection.scalars(
        text("SELECT code FROM role WHERE org_id = :org AND active = 1 ORDER BY code"), {"org": org_id}
    )
    return Refused("role-unknown", role=code[:40], known=_named(code, known.all()))


def product(connection: Connection, org_id: int, sku: str) -> Refused:
    """There is no such product; names those whose codes are most like it."""
    return Refused(no_product(connection, org_id, sku))


def no_product(connection: Connection, org_id: int, sku: str) -> Sentence:
    """The same as a sentence."""
    return said("product-unknown", sku=sku[:40], near=_near(connection, org_id, sku.strip()))


def _near(connection: Connection, org_id: int, sku: str) -> Sentence:
    start = sku[:_ALIKE].lower()
    rows = connection.scalars(
        text(
            "SELECT sku FROM product WHERE org_id = :org AND active = 1"
            " AND lower(substr(sku, 1, :length)) = :start ORDER BY sku LIMIT :most"
        ),
        {"org": org_id, "length": len(start), "start": start, "most": _COMPARED},
    )
    spelt = {str(one).lower(): str(one) for one in rows}
    near = [spelt[one] for one in get_close_matches(sku.lower(), list(spelt), _NEAREST)]
    return said("nearest-codes", codes=", ".join(near)) if near else said("nearest-none")


def _named(code: str, known: Sequence[str]) -> str:
    """Those that there are; of many the nearest first, and as many as a line holds."""
    if len(known) <= _MOST:
        return ", ".join(known)
    spelt = {one.lower(): one for one in known}
    near = [spelt[one] for one in get_close_matches(code.strip().lower(), list(spelt), _NEAREST)]
    shown = [*near, *(one for one in known if one not in near)][:_MOST]
    return ", ".join([*shown, "…"])
