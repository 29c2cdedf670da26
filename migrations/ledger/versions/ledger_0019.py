"""A product has a type; products of before get theirs from what told it until now.

Both sides have the same rows and come to the same types by themselves, whichever is upgraded first.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.sqlite import INTEGER

revision = "ledger_0019"
down_revision = "ledger_0018"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(INTEGER(), "sqlite")


def upgrade() -> None:
    """Deposits and vouchers by their tax code, what has no stock by its category, weighed goods by their unit."""
    op.add_column("product", sa.Column("type", sa.Text(), server_default="goods", nullable=False))
    op.execute(
        "UPDATE product SET type = CASE WHEN tax_code = 'DEPOSIT' THEN 'deposit'"
        " WHEN tax_code = 'VOUCHER' THEN 'voucher'"
        " WHEN stocked = 0 AND lower(category) IN ('laundry', 'dobi', 'udobi') THEN 'laundry'"
        " WHEN stocked = 0 THEN 'service' ELSE 'weighed' END"
        " WHERE tax_code IN ('DEPOSIT', 'VOUCHER') OR stocked = 0 OR lower(unit) IN ('kg', 'kilo', 'g')"
    )
    op.create_table(
        "returnable_pair",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("product_id", INT, nullable=False),
        sa.Column("empty_id", INT, server_default="0", nullable=False),
        sa.Column("deposit_id", INT, server_default="0", nullable=False),
        sa.Column("stamp", INT, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("org_id", "product_id", name="pk_returnable_pair"),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_returnable_pair_stamp", "returnable_pair", ["org_id", "stamp", "product_id"], unique=False
    )


def downgrade() -> None:
    """The marks of before tell what they told."""
    op.drop_table("returnable_pair")
    op.drop_column("product", "type")
