"""Writing products and customers at the centre in bulk: new ones added, known ones changed by code.

Rows come all at once and are written in batches, each a handful of statements over arrays.  A row that
changes nothing is not written, so that the feed does not bring a whole catalogue to every till again.

Decisions
---------
2026-11-29  A row changes what it says and nothing else: a value that is None stays as it is, and for a new
product or customer it is the default.  So a list of prices leaves names and barcodes alone, and nobody
who was taken out of use comes back because a list still has them.

2026-11-29  A code is known whatever its case: `gas13` in a file is the product GAS13, under its own spelling.

2026-11-29  The tax code of a product that names none is `A`, with which every organisation is founded, or the
first that there is.
"""

import itertools
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple, TypeVar

from sqlalchemy import Connection, Table, text

from pos_app.language import Sentence, said
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole
from pos_app.store.engine import privacy
from pos_app.store.master import enrolment
from pos_app.store.organisation import barcode_owners
from pos_app.store.organisation.barcode_owners import Claim
from pos_app.store.organisation.founding import TAX_CODES
from pos_app.store.tables.master import party, party_role, product

_BATCH: Final = 2_000
#: What a new product has where nothing is said.
DEFAULT_UNIT: Final = "pc"


class ProductRow(NamedTuple):
    """A product as a file has it; `price` in minor units, `barcodes` normalised; None is "as it is"."""

    line_no: int
    sku: str
    barcodes: tuple[str, ...] | None = None
    name: str | None = None
    price: int | None = None
    tax_code: str | None = None
    category: str | None = None
    unit: str | None = None
    business_id: int | None = None
    stocked: int | None = None
    on_shelf: int | None = None
    active: int | None = None


class CustomerRow(NamedTuple):
    """A customer as a file has it; `credit_limit` in minor units; None is "as it is"."""

    line_no: int
    code: str
    name: str | None = None
    phone: str | None = None
    credit_limit: int | None = None
    active: int | None = None


class Refusal(NamedTuple):
    """Why the database's own data refuse a row."""

    line_no: int
    reason: str


class Brought(NamedTuple):
    """What became of rows: those refused, the barcodes that are on no product any more, the codes of
    what is out of use and stays so.
    """

    refusals: list[Refusal]
    freed: list[str]
    out_of_use: list[str]


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


def default_tax_code(connection: Connection, org_id: int) -> str:
    """The tax code of a product that names none.  Raises `Refused` where there is no code at all."""
    known = tax_codes(connection, org_id)
    if not known:
        raise Refused("import-tax-codes-none")
    return TAX_CODES[0][0] if TAX_CODES[0][0] in known else min(known)


def product_ids(connection: Connection, org_id: int, skus: Sequence[str]) -> dict[str, int]:
    """The keys of products by their code; codes that nothing has are left out."""
    rows = connection.execute(
        text("SELECT sku, product_id FROM product WHERE org_id = :org AND sku = ANY (:skus)"),
        {"org": org_id, "skus": list(skus)},
    )
    return {str(row[0]): int(row[1]) for row in rows}


def put_products(connection: Connection, org_id: int, rows: Sequence[ProductRow]) -> Brought:
    """Write products by their code, with their barcodes."""
    known = _known(connection, product, "sku", org_id, [row.sku for row in rows])
    default = ProductRow(
        0,
        "",
        tax_code=default_tax_code(connection, org_id),
        category="",
        unit=DEFAULT_UNIT,
        business_id=_only_business(connection, org_id),
        stocked=1,
        on_shelf=0,
        active=1,
    )
    numbers = _numbers(connection, product, org_id)
    refusals: list[Refusal] = []
    ready: dict[int, ProductRow] = {}
    unused: list[str] = []
    first: dict[str, int] = {}
    for row in rows:
        before = known.get(row.sku)
        whole = _whole(row, default if before is None else ProductRow(0, "", None, **before.columns))
        spelling = str(before.code if before else row.sku.lower())
        lacking = _lacking(row, whole, first.get(spelling))
        if lacking is not None:
            refusals.append(Refusal(row.line_no, lacking))
            continue
        first[spelling] = row.line_no
        ready[before.key if before else next(numbers)] = whole._replace(
            sku=before.code if before else row.sku, barcodes=row.barcodes
        )
        unused += [row.sku] * _stays_unused(row, before)
    claims = [Claim(key, row.sku, row.barcodes) for key, row in ready.items() if row.barcodes is not None]
    for key, clash in barcode_owners.clashes(connection, org_id, claims).items():
        taken = said("barcode-on-other-product", barcode=clash.barcode, product=clash.sku)
        refusals.append(Refusal(ready.pop(key).line_no, taken))
    for batch in _batches(list(ready.items())):
        _write_products(connection, org_id, batch)
    freed = barcode_owners.put(connection, org_id, [claim for claim in claims if claim.product_id in ready])
    return Brought(refusals, freed, unused)


def _stays_unused(row: "ProductRow | CustomerRow", before: "_Known | None") -> bool:
    return row.active is None and before is not None and not before.columns["active"]


def _whole(row: ProductRow, before: ProductRow) -> ProductRow:
    """A row with what it does not say as it was before, or by default."""
    unsaid: dict[str, Any] = {
        name: value for name, value in before._asdict().items() if getattr(row, name) is None
    }
    return row._replace(**unsaid)


def _lacking(row: ProductRow, whole: ProductRow, earlier: int | None) -> Sentence | None:
    """Why a row cannot be written."""
    if earlier is not None:
        return said("stands-in-row-already", name=row.sku[:40], row=earlier)
    for column, value in (("name", whole.name), ("price", whole.price), ("business", whole.business_id)):
        if value is None:
            return said("product-new-lacks", sku=row.sku[:40], column=column)
    return None


def _write_products(connection: Connection, org_id: int, rows: Sequence[tuple[int, ProductRow]]) -> None:
    columns: dict[str, tuple[str, list[Any]]] = {"product_id": ("bigint", [key for key, _ in rows])}
    for name in ("sku", "name", "tax_code", "category", "unit"):
        columns[name] = ("text", [getattr(row, name) for _, row in rows])
    for name in ("price", "business_id", "stocked", "on_shelf", "active"):
        columns[name] = ("bigint", [getattr(row, name) for _, row in rows])
    _upsert(connection, product, org_id, columns)


def _only_business(connection: Connection, org_id: int) -> int | None:
    """The business of a product that names none: where there are several, none."""
    known = list(businesses(connection, org_id).values())
    return known[0] if len(known) == 1 else None


def put_customers(connection: Connection, org_id: int, rows: Sequence[CustomerRow]) -> Brought:
    """Write customers by their code; a party that is something else already becomes a customer too."""
    known = _known(connection, party, "code", org_id, [row.code for row in rows])
    numbers = _numbers(connection, party, org_id)
    refusals: list[Refusal] = []
    ready: dict[int, CustomerRow] = {}
    unused: list[str] = []
    first: dict[str, int] = {}
    for row in rows:
        before = known.get(row.code)
        spelling = before.code if before else row.code.lower()
        if spelling in first:
            twice = said("stands-in-row-already", name=row.code[:40], row=first[spelling])
            refusals.append(Refusal(row.line_no, twice))
        elif before is None and row.name is None:
            refusals.append(Refusal(row.line_no, said("customer-new-lacks-name", code=row.code[:40])))
        else:
            first[spelling] = row.line_no
            ready[before.key if before else next(numbers)] = row
            unused += [row.code] * _stays_unused(row, before)
    for batch in _batches(list(ready.items())):
        _write_customers(connection, org_id, batch, {one.key: one for one in known.values()})
    return Brought(refusals, [], unused)


def _write_customers(
    connection: Connection, org_id: int, rows: Sequence[tuple[int, CustomerRow]], known: dict[int, "_Known"]
) -> None:
    private = privacy.of(connection)
    limits = _credit_limits(connection, org_id, [key for key, _ in rows])
    written: list[tuple[int, str, str, str, int, int]] = []
    for key, row in rows:
        before: dict[str, Any] = (
            known[key].columns if key in known else {"name": "", "phone": "", "active": 1}
        )
        # A telephone that stays is not opened for it.
        phone = (
            before["phone"] if row.phone is None else private.encrypt_text(org_id, privacy.PHONE, row.phone)
        )
        name = before["name"] if row.name is None else row.name
        active = before["active"] if row.active is None else row.active
        limit = limits.get(key, 0) if row.credit_limit is None else row.credit_limit
        written.append((key, known[key].code if key in known else row.code, name, phone, active, limit))
    keys, codes, names, phones, actives, credit = (list(column) for column in zip(*written, strict=True))
    _upsert(
        connection,
        party,
        org_id,
        {
            "party_id": ("bigint", keys),
            "code": ("text", codes),
            "name": ("text", names),
            "phone": ("text", phones),
            "active": ("bigint", actives),
        },
    )
    roles: dict[str, tuple[str, list[Any]]] = {
        "party_id": ("bigint", keys),
        "role": ("text", [PartyRole.CUSTOMER.value] * len(keys)),
        "credit_limit": ("bigint", credit),
        # Who stands in a list of customers is one.
        "active": ("bigint", [1] * len(keys)),
    }
    _upsert(connection, party_role, org_id, roles)


def _credit_limits(connection: Connection, org_id: int, keys: list[int]) -> dict[int, int]:
    """What customers may owe now, by their key."""
    rows = connection.execute(
        text(
            "SELECT party_id, credit_limit FROM party_role"
            " WHERE org_id = :org AND role = :role AND party_id = ANY (:keys)"
        ),
        {"org": org_id, "role": PartyRole.CUSTOMER.value, "keys": keys},
    )
    return {int(row[0]): int(row[1]) for row in rows}


Item = TypeVar("Item")


def _batches(rows: Sequence[Item]) -> Iterator[Sequence[Item]]:
    return (rows[start : start + _BATCH] for start in range(0, len(rows), _BATCH))


def _upsert(
    connection: Connection, table: Table, org_id: int, columns: dict[str, tuple[str, list[Any]]]
) -> None:
    """One statement over arrays, by primary key; unchanged rows are left alone."""
    keys = [column.name for column in table.primary_key if column.name != "org_id"]
    changes = {name: f"excluded.{name}" for name in columns if name not in keys}
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


class _Known(NamedTuple):
    """A row that is there already: its key, its code as it is spelt, and its other columns."""

    key: int
    code: str
    columns: dict[str, Any]


def _known(
    connection: Connection, table: Table, code: str, org_id: int, codes: Sequence[str]
) -> dict[str, _Known]:
    """What is there already, by the code as it was asked for: spelt alike, else whatever the case."""
    key = _key(table)
    left_out = {"org_id", "stamp", key, code}
    names = [column.name for column in table.columns if column.name not in left_out]
    rows = connection.execute(
        text(
            f"SELECT {key}, {code}, {', '.join(names)} FROM {table.name} WHERE org_id = :org"
            f" AND lower({code}) IN (SELECT lower(asked) FROM unnest(CAST(:codes AS text[])) AS c (asked))"
            f" ORDER BY {key} DESC"
        ),
        {"org": org_id, "codes": list(codes)},
    )
    exact: dict[str, _Known] = {}
    alike: dict[str, _Known] = {}
    for row in rows:
        one = _Known(int(row[0]), str(row[1]), dict(zip(names, row[2:], strict=True)))
        # The oldest stands last and wins.
        exact[one.code] = alike[one.code.lower()] = one
    asked = ((spelt, exact.get(spelt) or alike.get(spelt.lower())) for spelt in codes)
    return {spelt: found for spelt, found in asked if found is not None}


def _numbers(connection: Connection, table: Table, org_id: int) -> Iterator[int]:
    """Keys for new rows, one after the other."""
    last = connection.execute(
        text(f"SELECT coalesce(max({_key(table)}), 0) FROM {table.name} WHERE org_id = :org"), {"org": org_id}
    ).scalar_one()
    return itertools.count(int(last) + 1)


def _key(table: Table) -> str:
    return next(column.name for column in table.primary_key if column.name != "org_id")
