"""How far each till's audit log is taken, and what came of one that does not hold."""

import sqlalchemy as sa
from alembic import op

revision = "central_0016"
down_revision = "central_0015"
branch_labels = None
depends_on = None

INT = sa.BigInteger()


def upgrade() -> None:
    """Nothing came yet."""
    op.add_column("terminal", sa.Column("audit_no", INT, server_default="0", nullable=False))
    op.add_column("terminal", sa.Column("audit_hash", sa.LargeBinary(), server_default="", nullable=False))
    op.create_table(
        "audit_strange",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("terminal_no", INT, nullable=False),
        sa.Column("first_no", INT, nullable=False),
        sa.Column("last_no", INT, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", INT, nullable=True),
        sa.Column("settled_because", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("org_id", "terminal_no", "first_no", "hash", name="pk_audit_strange"),
    )
    op.create_index(
        "ix_audit_strange_open",
        "audit_strange",
        ["org_id", "received_at"],
        postgresql_where=sa.text("settled_at IS NULL"),
    )


def downgrade() -> None:
    """The evidence is lost."""
    op.drop_table("audit_strange")
    op.drop_column("terminal", "audit_hash")
    op.drop_column("terminal", "audit_no")
