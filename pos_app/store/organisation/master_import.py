"""Writing products and customers at the centre in bulk: new ones added, known ones changed by code.

Rows come in batches, each batch a handful of statements over arrays.  A row that changes nothing is
not written, so that the feed does not bring a whole catalogue to every till again.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, text

from pos_app.language import said
from pos_app.ledger.line import PartyRole
from pos_app.store.engine import privacy
from pos_app.store.master import enrolment
from pos_app.store.tables.master import party, party_role, product


class ProductRow(NamedTuple):
    """A product as a file has it; `price` in minor units, `barcodes` normalised."""

    line_no: int
    sku: str
    barcodes: tuple[str, ...]
    name: str
    price: int
    tax_code: str
    category: str
    unit: str
    business_id: int
    stocked: int | None = None
    on_shelf: int | None = None


class CustomerRow(NamedTuple):
    """A customer as a file has it; `credit_limit` in minor units."""

    line_no: int
    code: str
    name: str
    phone: str
    credit_limit: int


class Refusal(NamedTuple):
    """Why the database's own data refuse a row."""

    line_no: int
    reason: str


def lock(connection: Connection, org_id: int) -> None:
    """Keep other writers of master data out until the commit."""
    enrolment.lock_organisation(connection, org_id)


def tax_codes(connection: Connection, org_id: int) -> set[str]:
    """The tax codes that there are."""
    rows = connection.execute(text("SELECT code FROM tax_code WHERE org_id = :org"), {"org": org_id})
    return {str(row[0]) for row in rows}


def businesses(connection: Connection, org_id: int) -> dict[str, int]:
    """The keys of the businesses by code."""
    rows = connection.execute(
        text("SELECT code, business_id FROM business WHERE org_id = :org"), {"org": org_id}
    )
    return {str(row[0]): int(row[1]) for row in rows}


def product_ids(connection: Connection, org_id: int, skus: Sequence[str]) -> dict[str, int]:
    """The keys of products by their code; codes that nothing has are left out."""
    return _ids(connection, product, "sku", org_id, skus)


def put_products(connection: Connection, org_id: int, rows: Sequence[ProductRow]) -> list[Refusal]:
    """Write products by their code, with their barcodes; gives the rows that were refused.

    Codes must not come twice within `rows`.
    """
    known = _ids(connection, product, "sku", org_id, [row.sku for row in rows])
    owners = _barcode_owners(connection, org_id, [code for row in rows for code in row.barcodes])
    claimed: dict[str, str] = {}
    taken: list[ProductRow] = []
    refusals: list[Refusal] = []
    for row in rows:
        clash = _clash(row, known.get(row.sku), owners, claimed)
        if clash:
            refusals.append(Refusal(row.line_no, clash))
            continue
        claimed |= dict.fromkeys(row.barcodes, row.sku)
        taken.append(row)
    known |= _new_ids(connection, product, org_id, [row.sku for row in taken if row.sku not in known])
    _write_products(connection, org_id, known, taken)
    connection.execute(
        text(
            "INSERT INTO product_barcode (org_id, barcode, product_id)"
            " SELECT :org, * FROM unnest(CAST(:codes AS text[]), CAST(:ids AS bigint[]))"
            " ON CONFLICT (org_id, barcode) DO NOTHING"
        ),
        {
            "org": org_id,
            "codes": [code for row in taken for code in row.barcodes],
            "ids": [known[row.sku] for row in taken for _ in row.barcodes],
        },
    )
    return refusals


def _write_products(
    connection: Connection, org_id: int, known: dict[str, int], rows: Sequence[ProductRow]
) -> None:
    columns: dict[str, tuple[str, list[Any]]] = {
        "product_id": ("bigint", [known[row.sku] for row in rows]),
        "sku": ("text", [row.sku for row in rows]),
        "name": ("text", [row.name for row in rows]),
        "price": ("bigint", [row.price for row in rows]),
        "tax_code": ("text", [row.tax_code for row in rows]),
        "category": ("text", [row.category for row in rows]),
        "unit": ("text", [row.unit for row in rows]),
        "business_id": ("bigint", [row.business_id for row in rows]),
    }
    for name in ("stocked", "on_shelf"):
        if rows and getattr(rows[0], name) is not None:
            columns[name] = ("bigint", [getattr(row, name) for row in rows])
    _upsert(connection, product, org_id, columns)


def put_customers(connection: Connection, org_id: int, rows: Sequence[CustomerRow]) -> None:
    """Write customers by their code; a party that is something else already becomes a customer too.

    Codes must not come twice within `rows`.
    """
    private = privacy.of(connection)
    codes = [row.code for row in rows]
    known = _ids(connection, party, "code", org_id, codes)
    known |= _new_ids(connection, party, org_id, [code for code in codes if code not in known])
    columns: dict[str, tuple[str, list[Any]]] = {
        "party_id": ("bigint", [known[code] for code in codes]),
        "code": ("text", codes),
        "name": ("text", [row.name for row in rows]),
        "phone": ("text", [private.encrypt_text(org_id, privacy.PHONE, row.phone) for row in rows]),
    }
    _upsert(connection, party, org_id, columns)
    roles: dict[str, tuple[str, list[Any]]] = {
        "party_id": ("bigint", [known[code] for code in codes]),
        "role": ("text", [PartyRole.CUSTOMER.value] * len(rows)),
        "credit_limit": ("bigint", [row.credit_limit for row in rows]),
    }
    _upsert(connection, party_role, org_id, roles)


def _upsert(
    connection: Connection, table: Table, org_id: int, columns: dict[str, tuple[str, list[Any]]]
) -> None:
    """One statement over arrays, by primary key; unchanged rows are left alone."""
    keys = [column.name for column in table.primary_key if column.name != "org_id"]
    # What a file brings is in use again, whatever it was before.
    changes = {name: f"excluded.{name}" for name in columns if name not in keys} | {"active": "1"}
    arrays = ", ".join(f"CAST(:{name} AS {type_}[])" for name, (type_, _) in columns.items())
    sets = ", ".join(f"{name} = {value}" for name, value in changes.items())
    before = ", ".join(f"{table.name}.{name}" for name in changes)
    connection.execute(
        text(
            f"INSERT INTO {table.name} (org_id, {', '.join(columns)})"
            f" SELECT :org, * FROM unnest({arrays})"
            f" ON CONFLICT (org_id, {', '.join(keys)}) DO UPDATE SET {sets}"
            f" WHERE ({before}) IS DISTINCT FROM ({', '.join(changes.values())})"
        ),
        {"org": org_id, **{name: values for name, (_, values) in columns.items()}},
    )


def _ids(
    connection: Connection, table: Table, code: str, org_id: int, codes: Sequence[str]
) -> dict[str, int]:
    key = _key(table)
    rows = connection.execute(
        text(f"SELECT {code}, {key} FROM {table.name} WHERE org_id = :org AND {code} = ANY (:codes)"),
        {"org": org_id, "codes": list(codes)},
    )
    return {str(row[0]): int(row[1]) for row in rows}


def _new_ids(connection: Connection, table: Table, org_id: int, codes: Sequence[str]) -> dict[str, int]:
    key = _key(table)
    last = connection.execute(
        text(f"SELECT coalesce(max({key}), 0) FROM {table.name} WHERE org_id = :org"), {"org": org_id}
    ).scalar_one()
    return {code: int(last) + place for place, code in enumerate(codes, start=1)}


def _key(table: Table) -> str:
    return next(column.name for column in table.primary_key if column.name != "org_id")


def _barcode_owners(
    connection: Connection, org_id: int, barcodes: Sequence[str]
) -> dict[str, tuple[int, str]]:
    """Which product has a barcode already: its key and code."""
    rows = connection.execute(
        text(
            "SELECT b.barcode, p.product_id, p.sku FROM product_barcode AS b"
            " JOIN product AS p ON p.org_id = b.org_id AND p.product_id = b.product_id"
            " WHERE b.org_id = :org AND b.barcode = ANY (:codes)"
        ),
        {"org": org_id, "codes": list(barcodes)},
    )
    return {str(row[0]): (int(row[1]), str(row[2])) for row in rows}


def _clash(
    row: ProductRow, product_id: int | None, owners: dict[str, tuple[int, str]], claimed: dict[str, str]
) -> str:
    for barcode in row.barcodes:
        owner = owners.get(barcode)
        if owner is not None and owner[0] != product_id:
            return said("barcode-on-other-product", barcode=barcode, product=owner[1])
        other = claimed.get(barcode)
        if other is not None and other != row.sku:
            return said("barcode-on-other-product", barcode=barcode, product=other)
    return ""
