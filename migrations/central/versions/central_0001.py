"""What only the centre has: terminals, enrolment, quarantine.

Frozen: says what version 0.1.0 had, whatever the declarations say today.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.sqlite import INTEGER

revision = "central_0001"
down_revision = None
branch_labels = ("central",)
depends_on = None

INT = sa.BigInteger().with_variant(INTEGER(), "sqlite")
#: Microseconds since 1970 on SQLite, timestamptz on Postgres.
MOMENT = sa.DateTime(timezone=True).with_variant(INTEGER(), "sqlite")


def upgrade() -> None:
    """Make the tables of version 0.1.0."""
    op.create_table(
        "directory",
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("organisation_id", INT, nullable=False),
        sa.PrimaryKeyConstraint("label", name="pk_directory"),
    )
    op.create_table(
        "enrolment_code",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("depot_id", INT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.Column("terminal_no", INT, nullable=True),
        sa.PrimaryKeyConstraint("org_id", "code_hash", name="pk_enrolment_code"),
    )
    op.create_table(
        "late_document",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("document_id", INT, nullable=False),
        sa.PrimaryKeyConstraint("org_id", "document_id", name="pk_late_document"),
    )
    op.create_table(
        "privacy_check",
        sa.Column("only", INT, autoincrement=False, nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("only", name="pk_privacy_check"),
    )
    op.create_table(
        "quarantine",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("terminal_no", INT, nullable=False),
        sa.Column("seq", INT, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("prev_hash", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decision", sa.Text(), server_default="", nullable=False),
        sa.Column("decision_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("decided_by", INT, nullable=True),
        sa.Column("decided_with", INT, nullable=True),
        sa.PrimaryKeyConstraint("org_id", "terminal_no", "seq", "hash", name="pk_quarantine"),
    )
    op.create_index(
        "ix_quarantine_open",
        "quarantine",
        ["org_id", "received_at"],
        unique=False,
        postgresql_where=sa.text("decided_at IS NULL"),
    )
    op.create_table(
        "server_epoch",
        sa.Column("only", INT, autoincrement=False, nullable=False),
        sa.Column("epoch", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("only", name="pk_server_epoch"),
    )
    op.create_table(
        "terminal",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("terminal_no", INT, nullable=False),
        sa.Column("depot_id", INT, nullable=False),
        sa.Column("drawer_id", INT, nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("last_seq", INT, nullable=False),
        sa.Column("last_hash", sa.LargeBinary(), nullable=False),
        sa.Column("enrolled_at", MOMENT, nullable=False),
        sa.Column("last_seen_at", MOMENT, nullable=True),
        sa.Column("active", INT, server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("org_id", "terminal_no", name="pk_terminal"),
    )
    op.create_table(
        "unsealed",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("entry_id", INT, sa.Identity(always=True), nullable=False),
        sa.Column("year", INT, nullable=False),
        sa.Column("document_ids", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.PrimaryKeyConstraint("org_id", "entry_id", name="pk_unsealed"),
    )
    op.create_table(
        "valuation_mark",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("terminal_no", INT, nullable=False),
        sa.Column("mark", INT, nullable=False),
        sa.PrimaryKeyConstraint("org_id", "terminal_no", name="pk_valuation_mark"),
    )
    op.create_table(
        "valued_late",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("document_id", INT, nullable=False),
        sa.PrimaryKeyConstraint("org_id", "document_id", name="pk_valued_late"),
    )
    op.create_table(
        "valued_stock",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("business_id", INT, nullable=False),
        sa.Column("product_id", INT, nullable=False),
        sa.Column("quantity", INT, nullable=False),
        sa.Column("value", INT, nullable=False),
        sa.Column("average_value", INT, nullable=False),
        sa.Column("average_quantity", INT, nullable=False),
        sa.PrimaryKeyConstraint("org_id", "business_id", "product_id", name="pk_valued_stock"),
    )


def downgrade() -> None:
    """Drop them: only an empty database is ever taken back so far."""
    op.drop_table("valued_stock")
    op.drop_table("valued_late")
    op.drop_table("valuation_mark")
    op.drop_table("unsealed")
    op.drop_table("terminal")
    op.drop_table("server_epoch")
    op.drop_table("quarantine")
    op.drop_table("privacy_check")
    op.drop_table("late_document")
    op.drop_table("enrolment_code")
    op.drop_table("directory")
