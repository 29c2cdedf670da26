"""Accounts, depots and businesses can be put away; a business says what it is."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.sqlite import INTEGER

revision = "ledger_0024"
down_revision = "ledger_0023"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(INTEGER(), "sqlite")
_TABLES = ("account", "depot", "business")


def upgrade() -> None:
    """All are at work, and no business has said yet what it is."""
    for table in _TABLES:
        op.add_column(table, sa.Column("active", INT, server_default="1", nullable=False))
    op.add_column("business", sa.Column("type", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    """All are at work again."""
    op.drop_column("business", "type")
    for table in _TABLES:
        op.drop_column(table, "active")
