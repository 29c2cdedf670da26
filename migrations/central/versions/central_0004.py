"""Terminals have a name, and may be revoked: when, by whom and why."""

import sqlalchemy as sa
from alembic import op

revision = "central_0004"
down_revision = "central_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Every terminal of before is ours and has no name."""
    for column in ("name", "revoked_because"):
        op.add_column("terminal", sa.Column(column, sa.Text, server_default="", nullable=False))
    op.add_column("terminal", sa.Column("revoked_at", sa.DateTime(timezone=True)))
    op.add_column("terminal", sa.Column("revoked_by", sa.BigInteger))


def downgrade() -> None:
    """Who took a terminal away is forgotten; that it is away stays."""
    for column in ("revoked_by", "revoked_at", "revoked_because", "name"):
        op.drop_column("terminal", column)
