"""A business says under what it is paid by PayNow: its UEN or a mobile number."""

import sqlalchemy as sa
from alembic import op

revision = "ledger_0034"
down_revision = "ledger_0033"
branch_labels = None
depends_on = None

_TABLES = ("business", "business_former")


def upgrade() -> None:
    """No business has said it yet."""
    for table in _TABLES:
        op.add_column(table, sa.Column("paynow", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    """Papers have no code to scan any more."""
    for table in _TABLES:
        op.drop_column(table, "paynow")
