"""Payments that their provider confirmed, at the centre and at the tills."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.sqlite import INTEGER

revision = "ledger_0030"
down_revision = "ledger_0029"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(INTEGER(), "sqlite")


def upgrade() -> None:
    """None came yet."""
    op.create_table(
        "received_payment",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("payment_id", INT, nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("business_id", INT, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("written", sa.Text(), nullable=False),
        sa.Column("amount", INT, nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), server_default="", nullable=False),
        sa.Column("payer", sa.Text(), server_default="", nullable=False),
        sa.Column("reference", sa.Text(), server_default="", nullable=False),
        sa.Column("paid_at_us", INT, nullable=False),
        sa.Column("received_at_us", INT, nullable=False),
        sa.Column("day", INT, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="standing", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("stamp", INT, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("org_id", "payment_id", name="pk_received_payment"),
        sqlite_strict=True,
    )
    op.create_index("ix_received_payment_code", "received_payment", ["org_id", "code"])
    op.create_index("ix_received_payment_day", "received_payment", ["org_id", "day"])
    if op.get_bind().dialect.name == "postgresql":
        op.create_index("ix_received_payment_stamp", "received_payment", ["org_id", "stamp", "payment_id"])


def downgrade() -> None:
    """What came is told again by its provider."""
    op.drop_table("received_payment")
