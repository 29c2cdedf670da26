"""What stands between each business and a party, summed from the journal's lines that are there.

A till has its own lines; what the centre has of the others comes with the feed.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.sqlite import INTEGER

revision = "ledger_0008"
down_revision = "ledger_0007"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(INTEGER(), "sqlite")


def upgrade() -> None:
    """Make the table and sum what is there."""
    op.create_table(
        "party_in_business",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("party_role", sa.Text(), nullable=False),
        sa.Column("party_id", INT, nullable=False),
        sa.Column("business_id", INT, nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount", INT, nullable=False),
        sa.Column("base_amount", INT, nullable=False),
        sa.Column("stamp", INT, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint(
            "org_id", "party_role", "party_id", "business_id", "currency", name="pk_party_in_business"
        ),
        sqlite_strict=True,
    )
    on_postgres = op.get_bind().dialect.name == "postgresql"
    if on_postgres:
        op.create_index("ix_party_in_business_stamp", "party_in_business", ["org_id", "stamp"], unique=False)
    stamp = "pg_current_xact_id()::text::bigint" if on_postgres else "0"
    op.execute(
        "INSERT INTO party_in_business"
        " (org_id, party_role, party_id, business_id, currency, amount, base_amount, stamp)"
        " SELECT org_id, party_role, party_id, business_id, currency, CAST(sum(amount) AS BIGINT),"
        f" CAST(sum(base_amount) AS BIGINT), {stamp} FROM journal_line WHERE party_id IS NOT NULL"
        " GROUP BY org_id, party_role, party_id, business_id, currency"
    )


def downgrade() -> None:
    """It is summed from the journal at any time."""
    op.drop_table("party_in_business")
