"""What came to the addresses for payments and is none, and what is asked of providers."""

import sqlalchemy as sa
from alembic import op

revision = "central_0024"
down_revision = "central_0023"
branch_labels = None
depends_on = None

INT = sa.BigInteger()
MOMENT = sa.DateTime(timezone=True)


def _text(name: str, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)


def upgrade() -> None:
    """Nothing came and nothing was asked yet."""
    op.create_table(
        "payment_notice",
        sa.Column("org_id", INT, nullable=False),
        _text("notice_id"),
        sa.Column("business_id", INT, nullable=False),
        _text("what"),
        _text("address"),
        _text("body"),
        _text("reason"),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("looked_at", MOMENT, nullable=True),
        sa.Column("looked_by", INT, nullable=True),
        sa.PrimaryKeyConstraint("org_id", "notice_id", name="pk_payment_notice"),
    )
    op.create_index(
        "ix_payment_notice_waiting",
        "payment_notice",
        ["org_id", "received_at"],
        postgresql_where=sa.text("looked_at IS NULL"),
    )
    op.create_table(
        "payment_ask",
        sa.Column("org_id", INT, nullable=False),
        _text("ask_id"),
        _text("kind"),
        sa.Column("business_id", INT, nullable=False),
        sa.Column("terminal_no", INT, nullable=True),
        sa.Column("request_no", INT, nullable=True),
        sa.Column("person_id", INT, nullable=False),
        _text("phone", ""),
        _text("code", ""),
        sa.Column("amount", INT, nullable=False),
        _text("reference", ""),
        sa.Column("made_at", MOMENT, nullable=False),
        _text("state", "wanted"),
        _text("handle", ""),
        _text("reason", ""),
        _text("words", ""),
        sa.Column("tries", INT, server_default="0", nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("org_id", "ask_id", name="pk_payment_ask"),
    )
    op.create_index(
        "ix_payment_ask_due",
        "payment_ask",
        ["org_id", "due_at"],
        postgresql_where=sa.text("state IN ('wanted', 'sent')"),
    )
    op.create_index("ix_payment_ask_handle", "payment_ask", ["org_id", "handle"])


def downgrade() -> None:
    """What waits for an answer is looked up at the provider."""
    op.drop_table("payment_ask")
    op.drop_table("payment_notice")
