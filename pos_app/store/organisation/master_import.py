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

2026-11-29  What is called a deposit is one: it is DEPOSIT where nothing else is said, and refused where a
file says that it is sold.  Nobody who sets a shop up thinks of the tax code of what they give back.  A gift
voucher is VOUCHER in the same way, but may be sold as somebody else's, where a file says so.
"""

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Table, text

from pos_app.language import Sentence, said
from pos_app.ledger import asking
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole
from pos_app.ledger.price import exact, split
from pos_app.ledger.tax import DEPOSIT_CODE, VOUCHER_CODE
from pos_app.store.engine import privacy
from pos_app.store.master import enrolment, master_edit, price_lists
from pos_app.store.organisation import (
    barcode_owners,
    in_bulk,
    party_standing,
    product_categories,
    product_extras,
    product_packs,
    product_supplies,
    product_types,
    product_units,
    returnable_pairs,
)
from pos_app.store.organisation.barcode_owners import Claim
from pos_app.store.organisation.founding import TAX_CODES
from pos_app.store.organisation.product_row import ProductRow
from pos_app.store.organisation.product_supplies import Supply
from pos_app.store.tables.master import party, party_role, product

#: What a new product has where nothing is said.
DEFAULT_UNIT: Final = "pc"
_DEPOSIT: Final = re.compile(r"\b(deposits?|amana|pfand|consignes?|dep[oó]sitos?|kaution)\b", re.IGNORECASE)
#: Not each voucher: those for airtime are goods that are bought and sold on.
_GIFT: Final = re.compile(
    r"\bgift[ -]?(vouchers?|cards?|certificates?)\b|\b(vocha|kadi) ya zawadi\b", re.IGNORECASE
)


class CustomerRow(NamedTuple):
    """A customer as a file has it; `credit_limit` in minor units; None is "as it is".

    `groups` are the codes of all groups of prices that the customer is in.
    """

    line_no: int
    code: str
    name: str | None = None
    phone: str | None = None
    credit_limit: int | None = None
    active: int | None = None
    address: str | None = None
    tax_number: str | None = None
    terms_days: int | None = None
    groups: tuple[str, ...] | None = None


class Refusal(NamedTuple):
    """Why the database's own data refuse a row."""

    line_no: int
    reason: str


class Brought(NamedTuple):
    """What became of rows: those refused, the barcodes that are on no product any more, the codes of
    what is out of use and stays so, and how many of those taken changed anything.

    `added` of those are new; `edited` are the codes of the others, of a meter with its own.
    """

    refusals: list[Refusal]
    freed: list[str]
    out_of_use: list[str]
    changed: int
    added: int = 0
    edited: tuple[tuple[str, ...], ...] = ()


def lock(connection: Connection, org_id: int) -> None:
    """Keep other writers of master data out until the commit."""
    enrolment.lock_organisation(connection, org_id)


def tax_codes(connection: Connection, org_id: int) -> set[str]:
    """The tax codes that there are."""
    rows = connection.execute(text("SELECT code FROM tax_code WHERE org_id = :org"), {"org": org_id})
    return {str(row[0]) for row in rows}


def archived_tax_codes(connection: Connection, org_id: int) -> set[str]:
    """Those of them that nothing is sold under any more."""
    rows = connection.execute(
        text("SELECT code FROM tax_code WHERE org_id = :org AND active = 0"), {"org": org_id}
    )
    return {str(row[0]) for row in rows}


def businesses(connection: Connection, org_id: int) -> dict[str, int]:
    """The keys of the businesses by code."""
    rows = connection.execute(
        text("SELECT code, business_id FROM business WHERE org_id = :org"), {"org": org_id}
    )
    return {str(row[0]): int(row[1]) for row in rows}


def businesses_at_work(connection: Connection, org_id: int) -> dict[str, int]:
    """Those of them that are not archived."""
    rows = connection.execute(
        text("SELECT code, business_id FROM business WHERE org_id = :org AND active = 1"), {"org": org_id}
    )
    return {str(row[0]): int(row[1]) for row in rows}


def default_tax_code(connection: Connection, org_id: int) -> str:
    """The tax code of a product that names none.  Raises `Refused` where there is no code at all."""
    known = tax_codes(connection, org_id) - archived_tax_codes(connection, org_id)
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


def put_products(
    connection: Connection, org_id: int, rows: Sequence[ProductRow], *, keys: Mapping[str, int] | None = None
) -> Brought:
    """Write products by their code, with their barcodes.

    `keys` are those that new ones have already, by code (see `ledger.asking`); others are counted on.
    """
    own = keys or {}
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
        shelf_place=0,
    )
    numbers = _numbers(connection, product, org_id)
    has_deposits = DEPOSIT_CODE in tax_codes(connection, org_id)
    archived = archived_tax_codes(connection, org_id)
    refusals: list[Refusal] = []
    ready: dict[int, ProductRow] = {}
    unused: list[str] = []
    first: dict[str, int] = {}
    for row in rows:
        before = known.get(row.sku)
        whole = _whole(row, _new(row, default) if before is None else _as_it_was(before))
        whole = product_types.typed(row, whole, str(default.tax_code))
        spelling = str(before.code if before else row.sku.lower())
        lacking = _lacking(row, whole, first.get(spelling), has_deposits=has_deposits)
        if lacking is None and whole.active and whole.tax_code in archived:
            lacking = said("tax-code-archived", code=whole.tax_code)
        if lacking is not None:
            refusals.append(Refusal(row.line_no, lacking))
            continue
        first[spelling] = row.line_no
        ready[before.key if before else own.get(row.sku) or next(numbers)] = whole._replace(
            sku=before.code if before else row.sku, barcodes=row.barcodes
        )
        unused += [row.sku] * _stays_unused(row, before)
    counted = {one.key for one in known.values() if one.columns["stocked"]}
    refusals += _refused_by_others(connection, org_id, ready, counted)
    product_categories.settle(connection, org_id, ready)
    product_units.settle(connection, org_id, ready)
    freed, changed = _write_ready(connection, org_id, ready)
    there = {one.key for one in known.values()}
    edited = tuple((row.sku,) for key, row in ready.items() if key in changed and key in there)
    return Brought(refusals, freed, unused, len(changed), len(ready.keys() - there), edited)


def _write_ready(
    connection: Connection, org_id: int, ready: Mapping[int, ProductRow]
) -> tuple[list[str], set[int]]:
    """Write rows by key; gives the barcodes that are free, and the keys of which anything changed."""
    changed: set[int] = set()
    for batch in in_bulk.batches(list(ready.items())):
        changed |= _write_products(connection, org_id, batch)
    supplies = [Supply(key, row.vendor_id, row.cost) for key, row in ready.items()]
    changed |= product_supplies.put(connection, org_id, supplies)
    others = returnable_pairs.others(connection, org_id, ready)
    changed |= returnable_pairs.put(connection, org_id, ready, others)
    changed |= product_extras.put(connection, org_id, ready)
    # What any of them lets go of first: a barcode may go from a product to a pack, and back.
    changed |= product_packs.free(connection, org_id, ready)
    barcodes = barcode_owners.put(connection, org_id, _claims(ready))
    changed |= product_packs.put(connection, org_id, ready)
    return barcodes.freed, changed | barcodes.changed


def _refused_by_others(
    connection: Connection, org_id: int, ready: dict[int, ProductRow], counted: set[int]
) -> list[Refusal]:
    """Take out of `ready` (rows by key) what other rows of the database refuse: their stock, their barcodes,
    the products that they name.  `counted` are the keys of those that were stock before.
    """
    refusals: list[Refusal] = []

    def refuse(reasons: Mapping[int, Sentence]) -> bool:
        refusals.extend(Refusal(ready.pop(key).line_no, reason) for key, reason in reasons.items())
        return bool(reasons)

    lost = [key for key, row in ready.items() if key in counted and not row.stocked]
    lies = product_types.lying(connection, org_id, lost)
    reasons = {key: product_types.lacking(row, lies.get(key)) for key, row in ready.items()}
    refuse({key: reason for key, reason in reasons.items() if reason is not None})
    refuse(product_categories.refused(connection, org_id, ready))
    refuse(product_units.refused(connection, org_id, ready))
    clashes = barcode_owners.clashes(connection, org_id, _claims(ready))
    refuse(
        {
            key: said("barcode-on-other-product", barcode=clash.barcode, product=clash.sku)
            for key, clash in clashes.items()
        }
    )
    while True:
        # A row that is refused may be what another one names, or what would have let go of another one.
        named = returnable_pairs.others(connection, org_id, ready)
        reasons = {key: returnable_pairs.lacking(row, named) for key, row in ready.items()}
        wrong = {key: reason for key, reason in reasons.items() if reason is not None}
        wrong |= returnable_pairs.still_named(connection, org_id, ready)
        wrong |= returnable_pairs.put_away(connection, org_id, ready)
        wrong |= product_packs.refused(connection, org_id, ready)
        if not refuse(wrong):
            return refusals


def _claims(ready: Mapping[int, ProductRow]) -> list[Claim]:
    return [Claim(key, row.sku, row.barcodes) for key, row in ready.items() if row.barcodes is not None]


def is_called_deposit(name: str) -> bool:
    """Whether the name of a product says that it is a deposit."""
    return _DEPOSIT.search(name) is not None


def no_sale_called(name: str) -> str:
    """The tax code of what is no sale by its name; empty for all else."""
    if is_called_deposit(name):
        return DEPOSIT_CODE
    return VOUCHER_CODE if _GIFT.search(name) is not None else ""


def _new(row: ProductRow, default: ProductRow) -> ProductRow:
    """What a new product has where nothing is said."""
    by_name = no_sale_called(row.name or "") if row.type is None else ""
    return default._replace(tax_code=row.tax_code or by_name or default.tax_code)


def _stays_unused(row: "ProductRow | CustomerRow", before: "_Known | None") -> bool:
    return row.active is None and before is not None and not before.columns["active"]


def _as_it_was(before: "_Known") -> ProductRow:
    columns = dict(before.columns)
    price = exact(columns.pop("price"), columns.pop("price_fine"))
    return ProductRow(0, "", None, price=price, **columns)


def _whole(row: ProductRow, before: ProductRow) -> ProductRow:
    """A row with what it does not say as it was before, or by default."""
    unsaid: dict[str, Any] = {
        name: value for name, value in before._asdict().items() if getattr(row, name) is None
    }
    return row._replace(**unsaid)


def _lacking(
    row: ProductRow, whole: ProductRow, earlier: int | None, *, has_deposits: bool
) -> Sentence | None:
    """Why a row cannot be written.

    Whether it makes a deposit into income is asked of what the product is with it: a list of names does that
    as well as one of tax codes.  A row that says neither is not answerable for what the product was.
    """
    if earlier is not None:
        return said("stands-in-row-already", name=row.sku[:40], row=earlier)
    for column, value in (("name", whole.name), ("price", whole.price), ("business", whole.business_id)):
        if value is None:
            return said("product-new-lacks", sku=row.sku[:40], column=column)
    told = row.name is not None or row.tax_code is not None
    if told and has_deposits and is_called_deposit(whole.name or "") and whole.tax_code != DEPOSIT_CODE:
        return said("deposit-as-income", name=(whole.name or "")[:40], code=whole.tax_code)
    return None


def _write_products(connection: Connection, org_id: int, rows: Sequence[tuple[int, ProductRow]]) -> set[int]:
    columns: dict[str, tuple[str, list[Any]]] = {"product_id": ("bigint", [key for key, _ in rows])}
    for name in ("sku", "name", "tax_code", "category", "unit", "type"):
        columns[name] = ("text", [getattr(row, name) for _, row in rows])
    prices = [split(row.price or 0) for _, row in rows]
    columns["price"] = ("bigint", [whole for whole, _ in prices])
    columns["price_fine"] = ("bigint", [fine for _, fine in prices])
    for name in ("business_id", "stocked", "on_shelf", "shelf_place", "active"):
        columns[name] = ("bigint", [getattr(row, name) for _, row in rows])
    return in_bulk.upsert(connection, product, org_id, columns)


def _only_business(connection: Connection, org_id: int) -> int | None:
    """The business of a product that names none: where there are several, none."""
    known = list(businesses_at_work(connection, org_id).values())
    return known[0] if len(known) == 1 else None


def put_customers(
    connection: Connection, org_id: int, rows: Sequence[CustomerRow], now_us: int = 0
) -> Brought:
    """Write customers by their code; a party that is something else already becomes a customer too.

    Groups of prices begin and end for them at `now_us`, in microseconds since 1970.
    """
    known = _known(connection, party, "code", org_id, [row.code for row in rows])
    numbers = _numbers(connection, party, org_id)
    groups = {one.code.lower(): one.group_id for one in price_lists.groups(connection, org_id)}
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
        elif unknown := [one for one in row.groups or () if one.lower() not in groups]:
            refusals.append(Refusal(row.line_no, said("group-unknown", code=unknown[0][:40])))
        else:
            first[spelling] = row.line_no
            ready[before.key if before else next(numbers)] = row
            unused += [row.code] * _stays_unused(row, before)
    leaving = {one.key: str(one.columns["name"]) for one in known.values() if one.columns["active"]}
    leaving = {key: leaving[key] for key, row in ready.items() if row.active == 0 and key in leaving}
    for key, why in party_standing.unsettled(connection, org_id, leaving).items():
        refusals.append(Refusal(ready.pop(key).line_no, why))
    changed: set[int] = set()
    for batch in in_bulk.batches(list(ready.items())):
        changed |= _write_customers(connection, org_id, batch, {one.key: one for one in known.values()})
    for key, row in ready.items():
        if row.groups is not None:
            wanted = {groups[one.lower()] for one in row.groups}
            if price_lists.put_in(connection, org_id, key, wanted, now_us):
                changed.add(key)
    there = {one.key for one in known.values()}
    edited = tuple((known[row.code].code,) for key, row in ready.items() if key in changed and key in there)
    return Brought(refusals, [], unused, len(changed), len(ready.keys() - there), edited)


def _write_customers(
    connection: Connection, org_id: int, rows: Sequence[tuple[int, CustomerRow]], known: dict[int, "_Known"]
) -> set[int]:
    private = privacy.of(connection)
    terms = _terms(connection, org_id, [key for key, _ in rows])
    written: list[tuple[Any, ...]] = []
    for key, row in rows:
        before: dict[str, Any] = known[key].columns if key in known else {"name": "", "active": 1}
        # What stays is not opened for it.
        closed = (
            before.get(column, "") if told is None else private.encrypt_text(org_id, field, told)
            for (column, field), told in zip(
                privacy.OF_PARTY.items(), (row.phone, row.address, row.tax_number), strict=True
            )
        )
        name = before["name"] if row.name is None else row.name
        active = before["active"] if row.active is None else row.active
        stood_days, stood_limit = terms.get(key, (0, 0))
        limit = stood_limit if row.credit_limit is None else row.credit_limit
        days = stood_days if row.terms_days is None else row.terms_days
        code = known[key].code if key in known else row.code
        written.append((key, code, name, active, limit, days, *closed))
    keys, codes, names, actives, credit, terms_days, *closed_columns = (
        list(column) for column in zip(*written, strict=True)
    )
    changed = in_bulk.upsert(
        connection,
        party,
        org_id,
        {
            "party_id": ("bigint", keys),
            "code": ("text", codes),
            "name": ("text", names),
            "active": ("bigint", actives),
            **{name: ("text", column) for name, column in zip(privacy.OF_PARTY, closed_columns, strict=True)},
        },
    )
    roles: dict[str, tuple[str, list[Any]]] = {
        "party_id": ("bigint", keys),
        "role": ("text", [PartyRole.CUSTOMER.value] * len(keys)),
        "credit_limit": ("bigint", credit),
        "terms_days": ("bigint", terms_days),
        # Who stands in a list of customers is one.
        "active": ("bigint", [1] * len(keys)),
    }
    return changed | in_bulk.upsert(connection, party_role, org_id, roles)


def _terms(connection: Connection, org_id: int, keys: list[int]) -> dict[int, tuple[int, int]]:
    """The days to pay of customers and what they may owe now, by their key."""
    rows = connection.execute(
        text(
            "SELECT party_id, terms_days, credit_limit FROM party_role"
            " WHERE org_id = :org AND role = :role AND party_id = ANY (:keys)"
        ),
        {"org": org_id, "role": PartyRole.CUSTOMER.value, "keys": keys},
    )
    return {int(row[0]): (int(row[1]), int(row[2])) for row in rows}


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
        text(
            f"SELECT coalesce(max({_key(table)}), 0) FROM {table.name}"
            f" WHERE org_id = :org AND {_key(table)} < {asking.FIRST}"
        ),
        {"org": org_id},
    ).scalar_one()
    first = enrolment.first_number(connection, master_edit.NUMBERS_EACH_LIFE)
    return itertools.count(max(int(last), first) + 1)


def _key(table: Table) -> str:
    return next(column.name for column in table.primary_key if column.name != "org_id")
