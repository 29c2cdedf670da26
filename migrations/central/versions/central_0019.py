"""A till says which version it runs and how far its own documents go, so that the centre knows its queue."""

import sqlalchemy as sa
from alembic import op

revision = "central_0019"
down_revision = "central_0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No till has said it yet."""
    op.add_column("terminal", sa.Column("told_seq", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("terminal", sa.Column("program", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    """What they said is forgotten."""
    op.drop_column("terminal", "program")
    op.drop_column("terminal", "told_seq")
