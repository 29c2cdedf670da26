"""M-Pesa codes that came with two documents, and what two people said of them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.sqlite import INTEGER

revision = "central_0002"
down_revision = "central_0001"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(INTEGER(), "sqlite")
#: Microseconds since 1970 on SQLite, timestamptz on Postgres.
MOMENT = sa.DateTime(timezone=True).with_variant(INTEGER(), "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "double_code",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("document_id", INT, nullable=False),
        sa.Column("place", INT, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("other_id", INT, nullable=False),
        sa.Column("business_id", INT, nullable=False),
        sa.Column("account_code", sa.Text(), nullable=False),
        sa.Column("amount", INT, nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("found_at", MOMENT, nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decision", sa.Text(), server_default="", nullable=False),
        sa.Column("decision_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("decided_by", INT, nullable=True),
        sa.Column("decided_with", INT, nullable=True),
        sa.Column("booked_id", INT, nullable=True),
        sa.PrimaryKeyConstraint("org_id", "document_id", "place", name="pk_double_code"),
    )
    op.create_index(
        "ix_double_code_open",
        "double_code",
        ["org_id", "found_at"],
        unique=False,
        postgresql_where=sa.text("decided_at IS NULL"),
    )
    op.create_index("ix_double_code_other", "double_code", ["org_id", "other_id"], unique=False)


def downgrade() -> None:
    """Drop it: only an empty database is ever taken back so far."""
    op.drop_table("double_code")
