"""An entry of the audit log that tells of a row of the centre says which, and the hash of all of it."""

import sqlalchemy as sa
from alembic import op

revision = "ledger_0018"
down_revision = "ledger_0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Entries of before tell of no row: the trail begins when the triggers are made anew (`trail_begin`)."""
    op.add_column("audit_log", sa.Column("row_key", sa.Text(), nullable=True))
    op.add_column("audit_log", sa.Column("row_hash", sa.Text(), nullable=True))


def downgrade() -> None:
    """What was told is forgotten."""
    op.drop_column("audit_log", "row_hash")
    op.drop_column("audit_log", "row_key")
