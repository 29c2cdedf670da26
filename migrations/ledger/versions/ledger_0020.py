"""A tax code can be archived; what became of a thing is found in the audit log by what the entries speak of."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.sqlite import INTEGER

revision = "ledger_0020"
down_revision = "ledger_0019"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(INTEGER(), "sqlite")


def upgrade() -> None:
    """Nobody archived one yet."""
    op.add_column("tax_code", sa.Column("active", INT, server_default="1", nullable=False))
    if op.get_context().dialect.name == "postgresql":
        op.create_index(
            "ix_audit_log_subject",
            "audit_log",
            ["org_id", "subject"],
            postgresql_ops={"subject": "text_pattern_ops"},
        )


def downgrade() -> None:
    """Every code is there again."""
    if op.get_context().dialect.name == "postgresql":
        op.drop_index("ix_audit_log_subject", "audit_log")
    op.drop_column("tax_code", "active")
