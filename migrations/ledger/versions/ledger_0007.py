"""The house's rules: least digits of a PIN, idle lock, whether an approver must be another."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.sqlite import INTEGER

revision = "ledger_0007"
down_revision = "ledger_0006"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(INTEGER(), "sqlite")


def upgrade() -> None:
    """None is set: what stands in the code holds."""
    op.create_table(
        "house_rule",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("depot_id", INT, nullable=False),
        sa.Column("value", INT, nullable=False),
        sa.Column("stamp", INT, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("org_id", "name", "depot_id", name="pk_house_rule"),
        sqlite_strict=True,
    )
    op.create_index("ix_house_rule_stamp", "house_rule", ["org_id", "stamp", "name", "depot_id"], unique=False)


def downgrade() -> None:
    """What stands in the code holds again."""
    op.drop_table("house_rule")
