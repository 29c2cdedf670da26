"""Products have a picture on their tile, businesses a logo on their papers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.sqlite import INTEGER

revision = "ledger_0021"
down_revision = "ledger_0020"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(INTEGER(), "sqlite")
_KEYS = {"product_picture": "product_id", "business_logo": "business_id"}


def upgrade() -> None:
    """Nothing has one yet."""
    for table, key in _KEYS.items():
        op.create_table(
            table,
            sa.Column("org_id", INT, nullable=False),
            sa.Column(key, INT, nullable=False),
            sa.Column("picture", sa.Text(), server_default="", nullable=False),
            sa.Column("stamp", INT, server_default="0", nullable=False),
            sa.PrimaryKeyConstraint("org_id", key, name=f"pk_{table}"),
            sqlite_strict=True,
        )
        op.create_index(f"ix_{table}_stamp", table, ["org_id", "stamp", key], unique=False)


def downgrade() -> None:
    """The pictures go."""
    for table in _KEYS:
        op.drop_table(table)
