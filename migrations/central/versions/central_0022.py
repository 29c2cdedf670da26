"""Which programs are told of what happens, how far each was told, and what waits for them."""

import sqlalchemy as sa
from alembic import op

revision = "central_0022"
down_revision = "central_0021"
branch_labels = None
depends_on = None

INT = sa.BigInteger()
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Nobody is told of anything yet."""
    op.create_table(
        "webhook",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("hook_id", INT, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("events", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("former_secret", sa.Text(), server_default="", nullable=False),
        sa.Column("former_until", MOMENT, nullable=True),
        sa.Column("active", INT, server_default="1", nullable=False),
        sa.Column("made_by", INT, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("archived_at", MOMENT, nullable=True),
        sa.Column("stopped_at", MOMENT, nullable=True),
        sa.Column("stopped_because", sa.Text(), server_default="", nullable=False),
        sa.Column("failures", INT, server_default="0", nullable=False),
        sa.Column("rests_until", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("org_id", "hook_id", name="pk_webhook"),
    )
    op.create_table(
        "webhook_mark",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("hook_id", INT, nullable=False),
        sa.Column("source", INT, nullable=False),
        sa.Column("position", INT, nullable=False),
        sa.Column("after", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("org_id", "hook_id", "source", name="pk_webhook_mark"),
    )
    op.create_table(
        "webhook_delivery",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("hook_id", INT, nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("attempts", INT, server_default="0", nullable=False),
        sa.Column("tried_at", MOMENT, nullable=True),
        sa.Column("status", INT, server_default="0", nullable=False),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.Column("took_ms", INT, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("org_id", "hook_id", "event_id", name="pk_webhook_delivery"),
    )
    op.create_index(
        "ix_webhook_delivery_due",
        "webhook_delivery",
        ["org_id", "hook_id", "due_at"],
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        "ix_webhook_delivery_made", "webhook_delivery", ["org_id", "hook_id", "made_at", "event_id"]
    )


def downgrade() -> None:
    """Nobody is told any more."""
    for table in ("webhook_delivery", "webhook_mark", "webhook"):
        op.drop_table(table)
