"""What became of what a till asked the centre for travels back to it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.sqlite import INTEGER

revision = "ledger_0026"
down_revision = "ledger_0025"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(INTEGER(), "sqlite")


def upgrade() -> None:
    """Nothing was asked yet."""
    op.create_table(
        "request_answer",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("terminal_no", INT, nullable=False),
        sa.Column("request_no", INT, nullable=False),
        sa.Column("state", sa.Text(), server_default="", nullable=False),
        sa.Column("code", sa.Text(), server_default="", nullable=False),
        sa.Column("said", sa.Text(), server_default="", nullable=False),
        sa.Column("decided_by", INT, server_default="0", nullable=False),
        sa.Column("at_us", INT, server_default="0", nullable=False),
        sa.Column("stamp", INT, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("org_id", "terminal_no", "request_no", name="pk_request_answer"),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_request_answer_stamp", "request_answer", ["org_id", "stamp", "terminal_no", "request_no"]
    )


def downgrade() -> None:
    """The answers go; what was made for them stays."""
    op.drop_table("request_answer")
