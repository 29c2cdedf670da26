"""The keys with which terminals sign their documents, and the signature of what lies in quarantine."""

import sqlalchemy as sa
from alembic import op

revision = "central_0007"
down_revision = "central_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A terminal's first key is noted with its first signed document."""
    op.create_table(
        "terminal_key",
        sa.Column("org_id", sa.BigInteger(), nullable=False),
        sa.Column("terminal_no", sa.BigInteger(), nullable=False),
        sa.Column("from_seq", sa.BigInteger(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("vouched", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("org_id", "terminal_no", "from_seq", name="pk_terminal_key"),
    )
    op.add_column("quarantine", sa.Column("signature", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Drop them: only an empty database is ever taken back so far."""
    op.drop_column("quarantine", "signature")
    op.drop_table("terminal_key")
