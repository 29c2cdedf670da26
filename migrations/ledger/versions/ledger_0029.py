"""Units of measure have rows of their own, and products may be packed; a product keeps the word of its unit."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.sqlite import INTEGER

revision = "ledger_0029"
down_revision = "ledger_0028"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(INTEGER(), "sqlite")

#: The units as they were when this was written: code, word, name, local name, decimals, how much of which.
UNITS = (
    ("C62", "pc", "piece", "kipande", 0, "", 0),
    ("H87", "pcs", "pieces", "vipande", 0, "C62", 1_000_000_000),
    ("PR", "pr", "pair", "jozi", 0, "C62", 2_000_000_000),
    ("DZN", "dz", "dozen", "dazani", 0, "C62", 12_000_000_000),
    ("GRO", "gro", "gross", "grosi", 0, "C62", 144_000_000_000),
    ("SET", "set", "set", "seti", 0, "", 0),
    ("KGM", "kg", "kilogram", "kilogramu", 3, "", 0),
    ("GRM", "g", "gram", "gramu", 0, "KGM", 1_000_000),
    ("TNE", "t", "tonne", "tani", 3, "KGM", 1_000_000_000_000),
    ("LBR", "lb", "pound", "ratili", 3, "KGM", 453_592_370),
    ("LTR", "l", "litre", "lita", 3, "", 0),
    ("MLT", "ml", "millilitre", "mililita", 0, "LTR", 1_000_000),
    ("MTQ", "m3", "cubic metre", "mita za ujazo", 3, "LTR", 1_000_000_000_000),
    ("MTR", "m", "metre", "mita", 3, "", 0),
    ("CMT", "cm", "centimetre", "sentimita", 1, "MTR", 10_000_000),
    ("MTK", "m2", "square metre", "mita za mraba", 3, "", 0),
    ("HUR", "h", "hour", "saa", 2, "", 0),
    ("DAY", "day", "day", "siku", 1, "", 0),
    ("KWH", "kWh", "kilowatt hour", "kilowati saa", 3, "", 0),
    ("CS", "cs", "case", "kesi", 0, "", 0),
    ("CT", "carton", "carton", "katoni", 0, "", 0),
    ("BX", "box", "box", "boksi", 0, "", 0),
    ("BG", "bag", "bag", "mfuko", 0, "", 0),
    ("SA", "sack", "sack", "gunia", 0, "", 0),
    ("PK", "pack", "packet", "pakiti", 0, "", 0),
    ("CR", "crate", "crate", "kreti", 0, "", 0),
    ("BO", "btl", "bottle", "chupa", 0, "", 0),
    ("CA", "can", "tin", "kopo", 0, "", 0),
    ("RO", "roll", "roll", "roli", 0, "", 0),
    ("TU", "tube", "tube", "tyubu", 0, "", 0),
)


def _must(name: str, type_: object = INT, default: str | None = None) -> sa.Column:
    return sa.Column(name, type_, server_default=default, nullable=False)


def _table(name: str, keys: tuple[sa.Column, ...], *columns: sa.Column) -> None:
    names = [key.name for key in keys]
    op.create_table(
        name,
        _must("org_id"),
        *keys,
        *columns,
        _must("stamp", default="0"),
        sa.PrimaryKeyConstraint("org_id", *names, name=f"pk_{name}"),
        sqlite_strict=True,
    )
    op.create_index(f"ix_{name}_stamp", name, ["org_id", "stamp", *names], unique=False)


def upgrade() -> None:
    """At the centre every organisation gets the units, and a row for each word that its products have beside
    them; the feed brings them to the tills.

    What is counted in a unit already may go on as it is typed: a unit with products has all three decimals
    until somebody says otherwise.
    """
    _table(
        "unit",
        (_must("code", sa.Text()),),
        _must("word", sa.Text()),
        _must("name", sa.Text()),
        _must("local_name", sa.Text(), ""),
        _must("decimals", default="0"),
        _must("of_code", sa.Text(), ""),
        _must("factor_nano", default="0"),
        _must("active", default="1"),
    )
    _table(
        "product_pack",
        (_must("product_id"), _must("unit_code", sa.Text())),
        _must("quantity"),
        _must("barcode", sa.Text(), ""),
        *(_must(name, default="0") for name in ("price", "each_price", "each_fine")),
        _must("active", default="1"),
    )
    op.create_index("ix_product_pack_barcode", "product_pack", ["org_id", "barcode"], unique=False)
    if op.get_context().dialect.name == "postgresql":
        _seed()


def _seed() -> None:
    for code, word, name, local_name, decimals, of_code, factor_nano in UNITS:
        op.execute(
            "INSERT INTO unit (org_id, code, word, name, local_name, decimals, of_code, factor_nano)"
            f" SELECT org_id, '{code}', '{word}', '{name}', '{local_name}',"
            f" CASE WHEN EXISTS (SELECT 1 FROM product AS p WHERE p.org_id = o.org_id"
            f" AND lower(p.unit) IN ('{word.lower()}', '{code.lower()}')) THEN 3 ELSE {decimals} END,"
            f" '{of_code}', {factor_nano} FROM organisation AS o"
        )
    # A word of the shop's own is its code too; two that differ by their case alone are one.
    op.execute(
        "INSERT INTO unit (org_id, code, word, name, decimals)"
        " SELECT DISTINCT ON (p.org_id, lower(p.unit)) p.org_id, p.unit, p.unit, p.unit, 3"
        " FROM product AS p WHERE p.unit <> '' AND NOT EXISTS (SELECT 1 FROM unit AS u"
        " WHERE u.org_id = p.org_id AND (lower(u.word) = lower(p.unit) OR lower(u.code) = lower(p.unit)))"
        " ORDER BY p.org_id, lower(p.unit), p.unit"
    )


def downgrade() -> None:
    """The words on the products are what they were."""
    op.drop_table("product_pack")
    op.drop_table("unit")
