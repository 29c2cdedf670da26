"""Promotions: what is off in a period, and of which goods."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.sqlite import INTEGER

revision = "ledger_0025"
down_revision = "ledger_0024"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(INTEGER(), "sqlite")


def _must(name: str, type_: object = INT, default: str | None = None) -> sa.Column:
    return sa.Column(name, type_, server_default=default, nullable=False)


def _table(name: str, keys: tuple[str, ...], *columns: sa.Column) -> None:
    op.create_table(
        name,
        _must("org_id"),
        *(_must(key) for key in keys),
        *columns,
        _must("stamp", default="0"),
        sa.PrimaryKeyConstraint("org_id", *keys, name=f"pk_{name}"),
        sqlite_strict=True,
    )
    op.create_index(f"ix_{name}_stamp", name, ["org_id", "stamp", *keys], unique=False)


def upgrade() -> None:
    """No shop has a promotion yet."""
    numbers = (
        "percent_bp", "amount", "amount_fine", "take", "pay", "depot_id", "group_id", "on_contracts", "days",
        "from_minute", "to_minute", "items", "valid_from_us",
    )  # fmt: skip
    _table(
        "promotion",
        ("promotion_id",),
        *(_must(name, sa.Text()) for name in ("code", "name", "kind")),
        *(_must(name, default="0") for name in numbers),
        sa.Column("valid_to_us", INT, nullable=True),
        sa.Column("ended_us", INT, nullable=True),
    )
    _table(
        "promotion_item",
        ("promotion_id", "place"),
        _must("product_id", default="0"),
        _must("category", sa.Text(), default=""),
        _must("quantity", default="1000"),
    )
    for column in ("product_id", "category"):
        name = f"ix_promotion_item_{column.removesuffix('_id')}"
        op.create_index(name, "promotion_item", ["org_id", column], unique=False)


def downgrade() -> None:
    """What was promised is forgotten."""
    op.drop_table("promotion_item")
    op.drop_table("promotion")
