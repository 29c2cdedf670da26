"""The starts of a terminal's daemon, by which two of one home are told apart."""

import sqlalchemy as sa
from alembic import op

revision = "central_0010"
down_revision = "central_0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody of before has told a start: the first that is told is believed."""
    op.add_column("terminal", sa.Column("starts", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("terminal", sa.Column("start", sa.Text(), server_default="", nullable=False))
    op.add_column("terminal", sa.Column("twice_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    """Two of one home are no longer told apart."""
    for column in ("twice_at", "start", "starts"):
        op.drop_column("terminal", column)
