"""Entries of the audit log that wait for their number: a push takes none in its own transaction."""

import sqlalchemy as sa
from alembic import op

revision = "central_0017"
down_revision = "central_0016"
branch_labels = None
depends_on = None

INT = sa.BigInteger()


def upgrade() -> None:
    """Nothing waits yet."""
    op.create_table(
        "audit_waiting",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("waiting_no", INT, sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("terminal_no", INT, nullable=False),
        sa.Column("person_id", INT, nullable=True),
        sa.Column("address", sa.Text(), server_default="", nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), server_default="", nullable=False),
        sa.Column("after", sa.Text(), server_default="", nullable=False),
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("row_hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("org_id", "waiting_no", name="pk_audit_waiting"),
    )


def downgrade() -> None:
    """What waited is forgotten."""
    op.drop_table("audit_waiting")
