"""Letterheads: what papers say of a business, a depot and a tax, and what they said before."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.sqlite import INTEGER

revision = "ledger_0002"
down_revision = "ledger_0001"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(INTEGER(), "sqlite")

_NEW = {
    "business": (
        "legal_name",
        "address",
        "phone",
        "tax_number_name",
        "tax_number",
        "bank_details",
        "mpesa_paybill",
    ),
    "depot": ("receipt_head",),
    "tax_code": ("printed_name",),
}
_FORMER = {
    "business": ("mpesa_till", *_NEW["business"]),
    "depot": ("address", "phone", "receipt_footer", "receipt_head"),
}


def _text(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.Text(), server_default="", nullable=False)


def upgrade() -> None:
    """Add the columns and the tables of what was before."""
    for table, names in _NEW.items():
        for name in names:
            op.add_column(table, _text(name))
    for table, names in _FORMER.items():
        key, former = f"{table}_id", f"{table}_former"
        op.create_table(
            former,
            sa.Column("org_id", INT, nullable=False),
            sa.Column(key, INT, nullable=False),
            sa.Column("until_us", INT, nullable=False),
            sa.Column("name", sa.Text(), nullable=False),
            *(_text(name) for name in names),
            sa.Column("stamp", INT, server_default="0", nullable=False),
            sa.PrimaryKeyConstraint("org_id", key, "until_us", name=f"pk_{former}"),
            sqlite_strict=True,
        )
        op.create_index(f"ix_{former}_stamp", former, ["org_id", "stamp", key, "until_us"], unique=False)


def downgrade() -> None:
    """Take them away."""
    for table in reversed(_FORMER):
        op.drop_table(f"{table}_former")
    for table, names in _NEW.items():
        for name in names:
            op.drop_column(table, name)
