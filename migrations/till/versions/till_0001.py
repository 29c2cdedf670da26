"""What only a till has: settings, drafts, print spool, baselines.

Frozen: says what version 0.1.0 had, whatever the declarations say today.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.sqlite import INTEGER

revision = "till_0001"
down_revision = None
branch_labels = ("till",)
depends_on = None

INT = sa.BigInteger().with_variant(INTEGER(), "sqlite")
#: Microseconds since 1970 on SQLite, timestamptz on Postgres.
MOMENT = sa.DateTime(timezone=True).with_variant(INTEGER(), "sqlite")


def upgrade() -> None:
    """Make the tables of version 0.1.0."""
    op.create_table(
        "account_balance_baseline",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("business_id", INT, nullable=False),
        sa.Column("account_code", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount", INT, nullable=False),
        sa.Column("base_amount", INT, nullable=False),
        sa.Column("mark", INT, nullable=False),
        sa.PrimaryKeyConstraint(
            "org_id", "business_id", "account_code", "currency", name="pk_account_balance_baseline"
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "draft",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("person_id", INT, nullable=False),
        sa.Column("parked", INT, nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("org_id", "request_id", name="pk_draft"),
        sqlite_strict=True,
    )
    op.create_table(
        "drawer_cash_baseline",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("drawer_id", INT, nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount", INT, nullable=False),
        sa.Column("mark", INT, nullable=False),
        sa.PrimaryKeyConstraint("org_id", "drawer_id", "currency", name="pk_drawer_cash_baseline"),
        sqlite_strict=True,
    )
    op.create_table(
        "feed_cursor",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("stamp", INT, nullable=False),
        sa.Column("last_key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kind", name="pk_feed_cursor"),
        sqlite_strict=True,
    )
    op.create_table(
        "open_invoice_baseline",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("party_role", sa.Text(), nullable=False),
        sa.Column("party_id", INT, nullable=False),
        sa.Column("business_id", INT, nullable=False),
        sa.Column("invoice_id", INT, nullable=False),
        sa.Column("due_on", INT, nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount", INT, nullable=False),
        sa.Column("base_amount", INT, nullable=False),
        sa.Column("mark", INT, nullable=False),
        sa.PrimaryKeyConstraint(
            "org_id",
            "party_role",
            "party_id",
            "business_id",
            "invoice_id",
            "due_on",
            "currency",
            name="pk_open_invoice_baseline",
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "party_balance_baseline",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("party_role", sa.Text(), nullable=False),
        sa.Column("party_id", INT, nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount", INT, nullable=False),
        sa.Column("base_amount", INT, nullable=False),
        sa.Column("mark", INT, nullable=False),
        sa.PrimaryKeyConstraint(
            "org_id", "party_role", "party_id", "currency", name="pk_party_balance_baseline"
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "print_job",
        sa.Column("job_id", INT, autoincrement=True, nullable=False),
        sa.Column("org_id", INT, nullable=False),
        sa.Column("document_id", INT, nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("copy_no", INT, nullable=False),
        sa.Column("kick", INT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", INT, nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("job_id", name="pk_print_job"),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_print_job_waiting",
        "print_job",
        ["job_id"],
        unique=False,
        sqlite_where=sa.text("state IN ('waiting', 'printing')"),
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_setting"),
        sqlite_strict=True,
    )
    op.create_table(
        "sign_in_state",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("person_id", INT, nullable=False),
        sa.Column("failures", INT, nullable=False),
        sa.Column("locked_until", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("org_id", "person_id", name="pk_sign_in_state"),
        sqlite_strict=True,
    )
    op.create_table(
        "stock_level_baseline",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("location_id", INT, nullable=False),
        sa.Column("product_id", INT, nullable=False),
        sa.Column("quantity", INT, nullable=False),
        sa.Column("mark", INT, nullable=False),
        sa.PrimaryKeyConstraint("org_id", "location_id", "product_id", name="pk_stock_level_baseline"),
        sqlite_strict=True,
    )
    op.create_table(
        "stock_value_baseline",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("business_id", INT, nullable=False),
        sa.Column("product_id", INT, nullable=False),
        sa.Column("quantity", INT, nullable=False),
        sa.Column("value", INT, nullable=False),
        sa.Column("mark", INT, nullable=False),
        sa.PrimaryKeyConstraint("org_id", "business_id", "product_id", name="pk_stock_value_baseline"),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Drop them: only an empty database is ever taken back so far."""
    op.drop_table("stock_value_baseline")
    op.drop_table("stock_level_baseline")
    op.drop_table("sign_in_state")
    op.drop_table("setting")
    op.drop_table("print_job")
    op.drop_table("party_balance_baseline")
    op.drop_table("open_invoice_baseline")
    op.drop_table("feed_cursor")
    op.drop_table("drawer_cash_baseline")
    op.drop_table("draft")
    op.drop_table("account_balance_baseline")
