"""Messages to customers: that their laundry is ready, or a receipt."""

import sqlalchemy as sa
from alembic import op

revision = "central_0027"
down_revision = "central_0026"
branch_labels = None
depends_on = None

INT = sa.BigInteger()
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Nobody is told of anything yet."""
    op.create_table(
        "customer_message",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("document_id", INT, nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("attempts", INT, server_default="0", nullable=False),
        sa.Column("tried_at", MOMENT, nullable=True),
        sa.Column("channel", sa.Text(), server_default="", nullable=False),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("org_id", "document_id", "purpose", name="pk_customer_message"),
    )
    op.create_index(
        "ix_customer_message_due",
        "customer_message",
        ["org_id", "due_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('waiting', 'sending')"),
    )


def downgrade() -> None:
    """What waits is told to nobody."""
    op.drop_table("customer_message")
