"""What the tax of a code was called on paper: a copy names it as the paper did that the customer got."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.sqlite import INTEGER

revision = "ledger_0015"
down_revision = "ledger_0014"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(INTEGER(), "sqlite")


def upgrade() -> None:
    """What was before this upgrade nobody wrote down: it is called as it is now."""
    op.create_table(
        "tax_code_former",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("until_us", INT, nullable=False),
        sa.Column("printed_name", sa.Text(), server_default="", nullable=False),
        sa.Column("stamp", INT, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("org_id", "code", "until_us", name="pk_tax_code_former"),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_tax_code_former_stamp", "tax_code_former", ["org_id", "stamp", "code", "until_us"], unique=False
    )


def downgrade() -> None:
    """It is forgotten."""
    op.drop_table("tax_code_former")
