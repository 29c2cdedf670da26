"""What papers say of who sells and of the depot where it happened, at the moment of a document.

Decisions
---------
2026-11-30  What the tax of a code is called on paper is kept in the same way (`tax_code_former`).

2026-11-29  A paper names its seller as it was when its document was recorded, a copy years later too.  The
rows of businesses and depots say what is so now; each change first writes what was so until then into
`business_former` and `depot_former`, which travel to the tills like everything else.  Not into the documents:
a page of the same address in each of a million receipts, and still none for the second seller of a basket.
The moment is that of recording, not the date of the document: an invoice that is dated last month names the
seller with the tax number that stood on the paper the customer got.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Table, text

from pos_app.store.master import master_edit
from pos_app.store.tables import master


class _Kept(NamedTuple):
    """A table, the one of what its rows said before, and the columns that papers name."""

    table: Table
    former: Table
    key: str
    names: tuple[str, ...]


def _kept(table: Table, former: Table) -> _Kept:
    key = f"{table.name}_id"
    names = tuple("".join(one.name) for one in former.columns)
    return _Kept(
        table, former, key, tuple(one for one in names if one not in ("org_id", key, "until_us", "stamp"))
    )


_BUSINESS: Final = _kept(master.business, master.business_former)
_DEPOT: Final = _kept(master.depot, master.depot_former)


@dataclass(frozen=True)
class Seller:
    """A business as its papers name it.  `address` and `bank_details` are lines parted by newlines."""

    business_id: int
    code: str
    name: str
    legal_name: str
    address: str
    phone: str
    tax_number_name: str
    tax_number: str
    bank_details: str
    mpesa_till: str
    mpesa_paybill: str
    company_number: str = ""
    paynow: str = ""

    @property
    def full_name(self) -> str:
        """The name that stands in the register of companies; the everyday one where none was said."""
        return self.legal_name or self.name


@dataclass(frozen=True)
class DepotHead:
    """A depot as its papers name it; texts may have several lines."""

    depot_id: int
    code: str
    name: str
    address: str
    phone: str
    receipt_head: str
    receipt_footer: str


def sellers(connection: Connection, org_id: int, at_us: int | None = None) -> dict[int, Seller]:
    """Every business as it was named at a moment (microseconds since 1970; None: now), by its key."""
    return {key: Seller(key, code, **row) for key, code, row in _rows(connection, _BUSINESS, org_id, at_us)}


def depots(connection: Connection, org_id: int, at_us: int | None = None) -> dict[int, DepotHead]:
    """Every depot as it was named at a moment, by its key."""
    return {key: DepotHead(key, code, **row) for key, code, row in _rows(connection, _DEPOT, org_id, at_us)}


def _rows(
    connection: Connection, kept: _Kept, org_id: int, at_us: int | None
) -> list[tuple[int, str, dict[str, str]]]:
    columns = ", ".join(kept.names)
    rows = connection.execute(
        text(f"SELECT {kept.key}, code, {columns} FROM {kept.table.name} WHERE org_id = :org ORDER BY code"),
        {"org": org_id},
    )
    found = [(int(row[0]), str(row[1]), dict(zip(kept.names, row[2:], strict=True))) for row in rows]
    if at_us is None:
        return found
    # The newest first: what stays is the first change after the moment, and says what was so before it.
    changes = connection.execute(
        text(
            f"SELECT {kept.key}, {columns} FROM {kept.former.name} WHERE org_id = :org AND until_us > :at"
            " ORDER BY until_us DESC"
        ),
        {"org": org_id, "at": at_us},
    )
    before = {int(row[0]): dict(zip(kept.names, row[1:], strict=True)) for row in changes}
    return [(key, code, before.get(key, row)) for key, code, row in found]


def change_business(
    connection: Connection, org_id: int, business_id: int, now_us: int, changes: Mapping[str, str]
) -> bool:
    """Change what papers say of a business from now on; gives whether anything changed."""
    return _change(connection, _BUSINESS, (org_id, business_id), now_us, changes)


def change_depot(
    connection: Connection, org_id: int, depot_id: int, now_us: int, changes: Mapping[str, str]
) -> bool:
    """Change what papers say of a depot from now on; gives whether anything changed."""
    return _change(connection, _DEPOT, (org_id, depot_id), now_us, changes)


def _change(
    connection: Connection, kept: _Kept, whose: tuple[int, int], now_us: int, changes: Mapping[str, str]
) -> bool:
    org_id, key = whose
    it = f"WHERE org_id = :org AND {kept.key} = :key"
    which = {"org": org_id, "key": key}
    row: Any = connection.execute(
        text(f"SELECT {', '.join(kept.names)} FROM {kept.table.name} {it}"), which
    ).one()
    before: dict[str, str] = dict(zip(kept.names, row, strict=True))
    if all(before[name] == value for name, value in changes.items()):
        return False
    # A machine whose clock went back must not write over what was so before.
    newest = connection.execute(
        text(f"SELECT coalesce(max(until_us), 0) FROM {kept.former.name} {it}"), which
    ).scalar_one()
    until = max(now_us, int(newest) + 1)
    connection.execute(
        kept.former.insert().values({"org_id": org_id, kept.key: key, "until_us": until, **before})
    )
    master_edit.change(connection, kept.table, org_id, key, **changes)
    return True


class TaxName(NamedTuple):
    """What a tax code is called on paper (empty: as the country calls its tax), and how it is applied."""

    name: str
    treatment: str


def tax_names(connection: Connection, org_id: int, at_us: int | None = None) -> dict[str, TaxName]:
    """Every tax code as papers named it at a moment (microseconds since 1970; None: now)."""
    rows = connection.execute(
        text("SELECT code, printed_name, treatment FROM tax_code WHERE org_id = :org"), {"org": org_id}
    )
    found = {str(row[0]): TaxName(row[1], row[2]) for row in rows}
    if at_us is None:
        return found
    # As in `_rows`: what stays is the first change after the moment.
    changes = connection.execute(
        text(
            "SELECT code, printed_name FROM tax_code_former WHERE org_id = :org AND until_us > :at"
            " ORDER BY until_us DESC"
        ),
        {"org": org_id, "at": at_us},
    )
    for code, name in changes:
        if code in found:
            found[code] = found[code]._replace(name=name)
    return found


def name_tax(connection: Connection, org_id: int, code: str, now_us: int, name: str) -> bool:
    """Change what the tax of a known code is called from now on; gives whether anything changed."""
    before = tax_names(connection, org_id)[code].name
    if before == name:
        return False
    newest = connection.execute(
        text("SELECT coalesce(max(until_us), 0) FROM tax_code_former WHERE org_id = :org AND code = :code"),
        {"org": org_id, "code": code},
    ).scalar_one()
    master_edit.put(
        connection,
        master.tax_code_former,
        org_id,
        code=code,
        until_us=max(now_us, int(newest) + 1),
        printed_name=before,
    )
    master_edit.change(connection, master.tax_code, org_id, code, printed_name=name)
    return True
