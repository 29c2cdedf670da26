"""Categories have rows of their own, with an order and a colour; products keep the word that names theirs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.sqlite import INTEGER

revision = "ledger_0022"
down_revision = "ledger_0021"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(INTEGER(), "sqlite")


def upgrade() -> None:
    """At the centre every word that products have gets its row; the feed brings them to the tills."""
    op.create_table(
        "category",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("category_id", INT, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("place", INT, server_default="0", nullable=False),
        sa.Column("colour", sa.Text(), server_default="", nullable=False),
        sa.Column("active", INT, server_default="1", nullable=False),
        sa.Column("stamp", INT, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("org_id", "category_id", name="pk_category"),
        sa.UniqueConstraint("org_id", "name", name="uq_category_org_id_name"),
        sqlite_strict=True,
    )
    op.create_index("ix_category_stamp", "category", ["org_id", "stamp", "category_id"], unique=False)
    if op.get_context().dialect.name == "postgresql":
        op.execute(
            "INSERT INTO category (org_id, category_id, name)"
            " SELECT org_id, row_number() OVER (PARTITION BY org_id ORDER BY category), category"
            " FROM (SELECT DISTINCT org_id, category FROM product WHERE category <> '') AS words"
        )


def downgrade() -> None:
    """The words on the products are what they were."""
    op.drop_table("category")
