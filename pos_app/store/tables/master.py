"""The master data: who and what documents speak of.  Made at the centre, brought to tills by the feed.

`stamp` is the id of the transaction that last wrote the row at the centre; the feed reads by it.
Rows are never deleted, they are made inactive.
"""

from typing import Any, Final

from sqlalchemy import Column, Index, PrimaryKeyConstraint, Table, UniqueConstraint, text

from pos_app.store.tables.columns import Int, String, may, must
from pos_app.store.tables.tables import ledger_metadata

Identity = tuple[tuple[str, Any], ...]


def _master(name: str, identity: tuple[str, Any] | Identity, *columns: Any) -> Table:
    """A table whose rows are known by `identity`: a column's name and type, or several of them."""
    parts: Any = (identity,) if isinstance(identity[0], str) else identity
    names = [part[0] for part in parts]
    table = Table(
        name,
        ledger_metadata,
        must("org_id"),
        *(Column(id_name, id_type, nullable=False) for id_name, id_type in parts),
        *columns,
        must("stamp", default="0"),
        PrimaryKeyConstraint("org_id", *names),
        sqlite_strict=True,
    )
    # The feed: "what changed since this transaction, in the order of transactions".
    Index(f"ix_{name}_stamp", table.c.org_id, table.c.stamp, *(table.c[id_name] for id_name in names))
    return table


organisation: Final = _master(
    "organisation",
    ("organisation_id", Int),
    must("name", String),
    must("base_currency", String),
    must("time_zone", String),
    must("cash_step"),
)

business: Final = _master(
    "business",
    ("business_id", Int),
    must("code", String),
    must("name", String),
    must("mpesa_till", String, default=""),
    UniqueConstraint("org_id", "code"),
)

depot: Final = _master(
    "depot",
    ("depot_id", Int),
    must("code", String),
    must("name", String),
    must("letter", String),
    must("business_id"),
    must("location_id"),
    must("address", String, default=""),
    must("phone", String, default=""),
    must("receipt_footer", String, default=""),
    UniqueConstraint("org_id", "code"),
)

#: Where stock lies: `kind` is one of `locations.KINDS`.  A customer's or a vendor's own place needs no row:
#: it is computed from the party (see `ledger.stock.location_of`).
location: Final = _master(
    "location",
    ("location_id", Int),
    must("code", String),
    must("name", String),
    must("kind", String),
    may("depot_id"),
)

drawer: Final = _master(
    "drawer",
    ("drawer_id", Int),
    must("code", String),
    must("depot_id"),
    must("terminal_no"),
)

account: Final = _master(
    "account",
    ("code", String),
    must("name", String),
    must("type", String),
    may("role", String),
    may("business_id"),
)

#: `treatment`: "inclusive" (the tax is in the price), "exclusive" (it comes on top), "exempt" or "zero".
tax_code: Final = _master(
    "tax_code",
    ("code", String),
    must("name", String),
    must("treatment", String),
)

#: The rate of a tax code from a day (YYYYMMDD, local; 0 is since ever) until the next one, in basis points.
tax_rate: Final = _master(
    "tax_rate",
    (("code", String), ("valid_from", Int)),
    must("rate_bp"),
)

#: Base currency per unit of a currency, in millionths, from a local day until the next one.
exchange_rate: Final = _master(
    "exchange_rate",
    (("currency", String), ("valid_from", Int)),
    must("rate_micro"),
)

#: No document of a business (empty: of any) may be dated on or before `locked_through` (YYYYMMDD, local).
period_lock: Final = _master(
    "period_lock",
    ("lock_id", Int),
    may("business_id"),
    must("locked_through"),
    must("reason", String, default=""),
)

#: `role` is what a person is called on screens and lists and allows nothing: see `person_role`.
#: `depot_id` is where their PIN is brought to; empty is every depot.
person: Final = _master(
    "person",
    ("person_id", Int),
    must("code", String),
    must("name", String),
    must("role", String),
    must("pin_hash", String),
    may("depot_id"),
    must("active", default="1"),
    UniqueConstraint("org_id", "code"),
)

#: The roles of the organisation; what they may do and who has them are rows of their own.
role: Final = _master(
    "role",
    ("code", String),
    must("name", String),
    must("active", default="1"),
)

#: What a role may do (`ledger.permission.Permission`).  Taking a permission away ends its row, granting
#: it again is a new one: what was allowed at a moment can be asked for ever.  Moments in microseconds
#: since 1970 (a row of the feed carries integers and texts only); a row without an end is in force.
role_permission: Final = _master(
    "role_permission",
    ("grant_id", Int),
    must("role", String),
    must("permission", String),
    must("valid_from_us", default="0"),
    may("valid_to_us"),
)

#: Who has which role, and where: at one depot, in one business, or (both empty) everywhere.
person_role: Final = _master(
    "person_role",
    ("assignment_id", Int),
    must("person_id"),
    must("role", String),
    may("business_id"),
    may("depot_id"),
    must("valid_from_us", default="0"),
    may("valid_to_us"),
)

product: Final = _master(
    "product",
    ("product_id", Int),
    must("sku", String),
    must("name", String),
    must("price"),
    must("tax_code", String),
    must("category", String),
    must("unit", String),
    must("business_id"),
    must("stocked", default="1"),
    must("on_shelf", default="0"),
    must("active", default="1"),
    UniqueConstraint("org_id", "sku"),
)
Index("ix_product_category", product.c.org_id, product.c.category, product.c.name)

product_barcode: Final = _master(
    "product_barcode",
    ("barcode", String),
    must("product_id"),
)
Index("ix_product_barcode_product", product_barcode.c.org_id, product_barcode.c.product_id)

#: When to order a product again for a location, and up to how much; in thousandths.
reorder_level: Final = _master(
    "reorder_level",
    (("location_id", Int), ("product_id", Int)),
    must("minimum"),
    must("target"),
    must("active", default="1"),
)

#: Whoever the organisation deals with; as what, says `party_role`.
party: Final = _master(
    "party",
    ("party_id", Int),
    must("code", String),
    must("name", String),
    must("phone", String, default=""),
    must("active", default="1"),
    UniqueConstraint("org_id", "code"),
)
# "Whose telephone is this?" (`people.parties_by_phone`), at the centre, where the number is closed and
# begins with its blind index (see `privacy`).
Index(
    "ix_party_phone",
    party.c.org_id,
    party.c.phone,
    postgresql_where=text("phone <> ''"),
    postgresql_ops={"phone": "text_pattern_ops"},
).ddl_if(dialect="postgresql")

#: As what a party stands in the books (`ledger.line.PartyRole`); one party can be several at once.  The
#: terms are the days until an invoice (customer) or a bill (vendor) is due, the limit (minor units of the
#: base currency) is how much a customer may owe, an employee may draw in advance.
party_role: Final = _master(
    "party_role",
    (("party_id", Int), ("role", String)),
    must("terms_days", default="0"),
    must("credit_limit", default="0"),
    must("active", default="1"),
)

#: What a customer pays for a product by agreement, in minor units of the base currency.
contract_rate: Final = _master(
    "contract_rate",
    (("party_id", Int), ("product_id", Int)),
    must("price"),
    must("active", default="1"),
)

#: Parents before children, in the order in which the feed brings them.
MASTER: Final = (
    organisation,
    business,
    account,
    tax_code,
    tax_rate,
    exchange_rate,
    period_lock,
    location,
    depot,
    drawer,
    person,
    role,
    role_permission,
    person_role,
    product,
    product_barcode,
    reorder_level,
    party,
    party_role,
    contract_rate,
)
