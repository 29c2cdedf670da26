"""A product has a place on the till's first page, and says of whom it is bought and what it costs there."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.sqlite import INTEGER

revision = "ledger_0016"
down_revision = "ledger_0015"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(INTEGER(), "sqlite")


def upgrade() -> None:
    """Nobody said anything of it yet: the first page stays by name."""
    op.add_column("product", sa.Column("shelf_place", INT, server_default="0", nullable=False))
    op.create_table(
        "product_supply",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("product_id", INT, nullable=False),
        sa.Column("vendor_id", INT, server_default="0", nullable=False),
        sa.Column("cost", INT, server_default="0", nullable=False),
        sa.Column("stamp", INT, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("org_id", "product_id", name="pk_product_supply"),
        sqlite_strict=True,
    )
    op.create_index("ix_product_supply_stamp", "product_supply", ["org_id", "stamp", "product_id"], unique=False)


def downgrade() -> None:
    """It is forgotten."""
    op.drop_table("product_supply")
    op.drop_column("product", "shelf_place")
