"""What proves a person's approvals, wrapped by their PIN."""

import sqlalchemy as sa
from alembic import op

revision = "ledger_0012"
down_revision = "ledger_0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has any until their next PIN: what a PIN is cannot be told from its hash."""
    op.add_column("person", sa.Column("approval_wrap", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    """Approvals are proved no longer."""
    op.drop_column("person", "approval_wrap")
