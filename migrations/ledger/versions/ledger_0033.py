"""A pack has as many barcodes as there are on it: each is a row of its own, and the first came over."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.sqlite import INTEGER

revision = "ledger_0033"
down_revision = "ledger_0032"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(INTEGER(), "sqlite")


def upgrade() -> None:
    """A till copies what it has too: it finds packs before the feed has brought the rows."""
    op.create_table(
        "pack_barcode",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("barcode", sa.Text(), nullable=False),
        sa.Column("product_id", INT, nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("active", INT, server_default="1", nullable=False),
        sa.Column("stamp", INT, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("org_id", "barcode", name="pk_pack_barcode"),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_pack_barcode_product", "pack_barcode", ["org_id", "product_id", "unit_code"], unique=False
    )
    op.create_index("ix_pack_barcode_stamp", "pack_barcode", ["org_id", "stamp", "barcode"], unique=False)
    op.execute(
        "INSERT INTO pack_barcode (org_id, barcode, product_id, unit_code)"
        " SELECT k.org_id, k.barcode, min(k.product_id), min(k.unit_code) FROM product_pack AS k"
        " WHERE k.barcode <> '' AND k.active = 1 AND NOT EXISTS (SELECT 1 FROM product_barcode AS b"
        " WHERE b.org_id = k.org_id AND b.barcode = k.barcode AND b.product_id <> 0)"
        " GROUP BY k.org_id, k.barcode HAVING count(*) = 1"
    )
    op.drop_index("ix_product_pack_barcode", table_name="product_pack")


def downgrade() -> None:
    """The first barcode of each stands with the pack, as before."""
    op.create_index("ix_product_pack_barcode", "product_pack", ["org_id", "barcode"], unique=False)
    op.drop_table("pack_barcode")
