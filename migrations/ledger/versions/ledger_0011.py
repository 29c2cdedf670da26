"""Where a party lives and whom the tax office knows them as: empty of everybody so far."""

import sqlalchemy as sa
from alembic import op

revision = "ledger_0011"
down_revision = "ledger_0010"
branch_labels = None
depends_on = None

_COLUMNS = ("address", "tax_number")


def upgrade() -> None:
    """Nobody has one yet."""
    for name in _COLUMNS:
        op.add_column("party", sa.Column(name, sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    """They are lost."""
    for name in reversed(_COLUMNS):
        op.drop_column("party", name)
