"""Price lists: what they say from when on, whom they are for, and the groups of customers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.sqlite import INTEGER

revision = "ledger_0017"
down_revision = "ledger_0016"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(INTEGER(), "sqlite")


def _must(name: str, type_: object = INT, default: str | None = None) -> sa.Column:
    return sa.Column(name, type_, server_default=default, nullable=False)


def _span() -> tuple[sa.Column, sa.Column]:
    return _must("valid_from_us", default="0"), sa.Column("valid_to_us", INT, nullable=True)


def _coded() -> tuple[sa.Column, ...]:
    return _must("code", sa.Text()), _must("name", sa.Text())


_TABLES = (
    ("party_group", "group_id", lambda: (*_coded(), _must("active", default="1")), True),
    ("party_group_member", "member_id", lambda: (_must("group_id"), _must("party_id"), *_span()), False),
    (
        "price_list",
        "price_list_id",
        lambda: (*_coded(), _must("is_contract", default="0"), _must("active", default="1")),
        True,
    ),
    (
        "price_list_scope",
        "scope_id",
        lambda: (
            _must("price_list_id"), _must("kind", sa.Text()), _must("of_id", default="0"), *_span(),
        ),
        False,
    ),
    (
        "price_list_item",
        "item_id",
        lambda: (
            _must("price_list_id"), _must("product_id"), _must("from_quantity", default="0"),
            _must("price"), _must("price_fine", default="0"), *_span(),
        ),
        False,
    ),
)  # fmt: skip


def upgrade() -> None:
    """No shop has a list yet: everybody pays what the product or their contract says."""
    for name, key, columns, has_code in _TABLES:
        unique = [sa.UniqueConstraint("org_id", "code", name=f"uq_{name}_org_id_code")] if has_code else []
        op.create_table(
            name,
            _must("org_id"),
            _must(key),
            *columns(),
            _must("stamp", default="0"),
            sa.PrimaryKeyConstraint("org_id", key, name=f"pk_{name}"),
            *unique,
            sqlite_strict=True,
        )
        op.create_index(f"ix_{name}_stamp", name, ["org_id", "stamp", key], unique=False)
    op.create_index(
        "ix_party_group_member_party", "party_group_member", ["org_id", "party_id"], unique=False
    )
    op.create_index("ix_price_list_item_product", "price_list_item", ["org_id", "product_id"], unique=False)


def downgrade() -> None:
    """What lists said is forgotten."""
    for name, *_ in reversed(_TABLES):
        op.drop_table(name)
