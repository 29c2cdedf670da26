"""The ledger, its projections, master data, audit log; both engines.

Frozen: says what version 0.1.0 had, whatever the declarations say today.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.sqlite import INTEGER

revision = "ledger_0001"
down_revision = None
branch_labels = ("ledger",)
depends_on = None

INT = sa.BigInteger().with_variant(INTEGER(), "sqlite")
#: Microseconds since 1970 on SQLite, timestamptz on Postgres.
MOMENT = sa.DateTime(timezone=True).with_variant(INTEGER(), "sqlite")


def upgrade() -> None:
    """Make the tables of version 0.1.0."""
    op.create_table(
        "account",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("business_id", INT, nullable=True),
        sa.Column("stamp", INT, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("org_id", "code", name="pk_account"),
        sqlite_strict=True,
    )
    op.create_index("ix_account_stamp", "account", ["org_id", "stamp", "code"], unique=False)
    op.create_table(
        "account_balance",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("business_id", INT, nullable=False),
        sa.Column("account_code", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount", INT, nullable=False),
        sa.Column("base_amount", INT, nullable=False),
        sa.Column("stamp", INT, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint(
            "org_id", "business_id", "account_code", "currency", name="pk_account_balance"
        ),
        sqlite_strict=True,
    )
    if op.get_bind().dialect.name == "postgresql":
        op.create_index("ix_account_balance_stamp", "account_balance", ["org_id", "stamp"], unique=False)
    op.create_table(
        "account_balance_checkpoint",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("business_id", INT, nullable=False),
        sa.Column("account_code", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("shadow", INT, nullable=False),
        sa.Column("amount", INT, nullable=False),
        sa.Column("base_amount", INT, nullable=False),
        sa.Column("base_mark", INT, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint(
            "org_id",
            "business_id",
            "account_code",
            "currency",
            "shadow",
            name="pk_account_balance_checkpoint",
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "arrival",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("document_id", INT, nullable=False),
        sa.Column("depot_id", INT, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("party_id", INT, nullable=True),
        sa.Column("location_id", INT, nullable=False),
        sa.Column("made_at_us", INT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), server_default="", nullable=False),
        sa.Column("came", sa.Text(), server_default="{}", nullable=False),
        sa.Column("mark", INT, server_default="0", nullable=False),
        sa.Column("stamp", INT, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("org_id", "document_id", "depot_id", name="pk_arrival"),
        sqlite_strict=True,
    )
    if op.get_bind().dialect.name == "postgresql":
        op.create_index(
            "ix_arrival_depot", "arrival", ["org_id", "depot_id", "stamp", "document_id"], unique=False
        )
    op.create_index(
        "ix_arrival_open",
        "arrival",
        ["org_id", "depot_id", "stamp", "document_id"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "audit_log",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("entry_id", INT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("terminal_no", INT, nullable=False),
        sa.Column("person_id", INT, nullable=True),
        sa.Column("address", sa.Text(), server_default="", nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), server_default="", nullable=False),
        sa.Column("after", sa.Text(), server_default="", nullable=False),
        sa.Column("year", INT, nullable=False),
        sa.PrimaryKeyConstraint("org_id", "entry_id", "year", name="pk_audit_log"),
        postgresql_partition_by="RANGE (year)",
        sqlite_strict=True,
    )
    op.create_table(
        "balance_finding",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("projection", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("found_at", MOMENT, nullable=False),
        sa.Column("cached", sa.Text(), nullable=False),
        sa.Column("truth", sa.Text(), nullable=False),
        sa.Column("documents", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("org_id", "projection", "key", name="pk_balance_finding"),
        sqlite_strict=True,
    )
    op.create_table(
        "business",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("business_id", INT, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("mpesa_till", sa.Text(), server_default="", nullable=False),
        sa.Column("stamp", INT, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("org_id", "business_id", name="pk_business"),
        sa.UniqueConstraint("org_id", "code", name="uq_business_org_id_code"),
        sqlite_strict=True,
    )
    op.create_index("ix_business_stamp", "business", ["org_id", "stamp", "business_id"], unique=False)
    op.create_table(
        "checkpoint_mark",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("shadow", INT, nullable=False),
        sa.Column("terminal_no", INT, nullable=False),
        sa.Column("mark", INT, nullable=False),
        sa.PrimaryKeyConstraint("org_id", "shadow", "terminal_no", name="pk_checkpoint_mark"),
        sqlite_strict=True,
    )
    op.create_table(
        "contract_rate",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("party_id", INT, nullable=False),
        sa.Column("product_id", INT, nullable=False),
        sa.Column("price", INT, nullable=False),
        sa.Column("active", INT, server_default="1", nullable=False),
        sa.Column("stamp", INT, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("org_id", "party_id", "product_id", name="pk_contract_rate"),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_contract_rate_stamp", "contract_rate", ["org_id", "stamp", "party_id", "product_id"], unique=False
    )
    op.create_table(
        "depot",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("depot_id", INT, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("letter", sa.Text(), nullable=False),
        sa.Column("business_id", INT, nullable=False),
        sa.Column("location_id", INT, nullable=False),
        sa.Column("address", sa.Text(), server_default="", nullable=False),
        sa.Column("phone", sa.Text(), server_default="", nullable=False),
        sa.Column("receipt_footer", sa.Text(), server_default="", nullable=False),
        sa.Column("stamp", INT, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("org_id", "depot_id", name="pk_depot"),
        sa.UniqueConstraint("org_id", "code", name="uq_depot_org_id_code"),
        sqlite_strict=True,
    )
    op.create_index("ix_depot_stamp", "depot", ["org_id", "stamp", "depot_id"], unique=False)
    op.create_table(
        "document",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("document_id", INT, nullable=False),
        sa.Column("terminal_no", INT, nullable=False),
        sa.Column("seq", INT, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("number", INT, nullable=False),
        sa.Column("year", INT, nullable=False),
        sa.Column("occurred_at", MOMENT, nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("person_id", INT, nullable=False),
        sa.Column("approver_id", INT, nullable=True),
        sa.Column("business_id", INT, nullable=False),
        sa.Column("depot_id", INT, nullable=False),
        sa.Column("shift", INT, nullable=True),
        sa.Column("party_id", INT, nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("rate_micro", INT, nullable=False),
        sa.Column("subtotal", INT, nullable=False),
        sa.Column("tax_total", INT, nullable=False),
        sa.Column("total", INT, nullable=False),
        sa.Column("rounding", INT, nullable=False),
        sa.Column("due_on", INT, nullable=True),
        sa.Column("original_id", INT, nullable=True),
        sa.Column("reverses_id", INT, nullable=True),
        sa.Column("line_count", INT, nullable=False),
        sa.Column("move_count", INT, nullable=False),
        sa.Column("item_count", INT, nullable=False),
        sa.Column("tender_count", INT, nullable=False),
        sa.Column("open_count", INT, nullable=False),
        sa.Column("cost_count", INT, nullable=False),
        sa.Column("prev_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("posting_digest", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("document_id = terminal_no * 4294967296 + seq", name="ck_document_key"),
        sa.CheckConstraint("seq > 0 AND seq < 4294967296 AND number > 0", name="ck_document_seq"),
        sa.PrimaryKeyConstraint("org_id", "document_id", name="pk_document"),
        sa.UniqueConstraint("org_id", "request_id", name="uq_document_org_id_request_id"),
        sa.UniqueConstraint(
            "org_id", "terminal_no", "series", "number", name="uq_document_org_id_terminal_no_series_number"
        ),
        sqlite_strict=True,
    )
    if op.get_bind().dialect.name == "postgresql":
        op.create_index(
            "ix_document_occurred", "document", ["occurred_at"], unique=False, postgresql_using="brin"
        )
    op.create_index(
        "ix_document_on_its_way",
        "document",
        ["org_id", "kind", "document_id"],
        unique=False,
        sqlite_where=sa.text("kind IN ('purchase_order', 'transfer_sent', 'service_order')"),
        postgresql_where=sa.text("kind IN ('purchase_order', 'transfer_sent', 'service_order')"),
    )
    op.create_index(
        "ix_document_original",
        "document",
        ["org_id", "original_id"],
        unique=False,
        sqlite_where=sa.text("original_id IS NOT NULL"),
        postgresql_where=sa.text("original_id IS NOT NULL"),
    )
    op.create_index(
        "ix_document_party",
        "document",
        ["org_id", "party_id", "document_id"],
        unique=False,
        sqlite_where=sa.text("party_id IS NOT NULL"),
        postgresql_where=sa.text("party_id IS NOT NULL"),
    )
    op.create_index(
        "ix_document_shift",
        "document",
        ["org_id", "terminal_no", "document_id"],
        unique=False,
        sqlite_where=sa.text("kind IN ('drawer_open', 'drawer_close')"),
        postgresql_where=sa.text("kind IN ('drawer_open', 'drawer_close')"),
    )
    op.create_index(
        "uq_document_reverses",
        "document",
        ["org_id", "reverses_id"],
        unique=True,
        sqlite_where=sa.text("reverses_id IS NOT NULL"),
        postgresql_where=sa.text("reverses_id IS NOT NULL"),
    )
    op.create_table(
        "document_total",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("document_id", INT, nullable=False),
        sa.Column("subtotal", INT, nullable=False),
        sa.Column("tax_total", INT, nullable=False),
        sa.Column("total", INT, nullable=False),
        sa.Column("stamp", INT, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("org_id", "document_id", name="pk_document_total"),
        sqlite_strict=True,
    )
    op.create_table(
        "drawer",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("drawer_id", INT, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("depot_id", INT, nullable=False),
        sa.Column("terminal_no", INT, nullable=False),
        sa.Column("stamp", INT, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("org_id", "drawer_id", name="pk_drawer"),
        sqlite_strict=True,
    )
    op.create_index("ix_drawer_stamp", "drawer", ["org_id", "stamp", "drawer_id"], unique=False)
    op.create_table(
        "drawer_cash",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("drawer_id", INT, nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount", INT, nullable=False),
        sa.Column("stamp", INT, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("org_id", "drawer_id", "currency", name="pk_drawer_cash"),
        sqlite_strict=True,
    )
    if op.get_bind().dialect.name == "postgresql":
        op.create_index("ix_drawer_cash_stamp", "drawer_cash", ["org_id", "stamp"], unique=False)
    op.create_table(
        "drawer_cash_checkpoint",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("drawer_id", INT, nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("shadow", INT, nullable=False),
        sa.Column("amount", INT, nullable=False),
        sa.Column("base_mark", INT, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint(
            "org_id", "drawer_id", "currency", "shadow", name="pk_drawer_cash_checkpoint"
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "exchange_rate",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("valid_from", INT, nullable=False),
        sa.Column("rate_micro", INT, nullable=False),
        sa.Column("stamp", INT, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("org_id", "currency", "valid_from", name="pk_exchange_rate"),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_exchange_rate_stamp", "exchange_rate", ["org_id", "stamp", "currency", "valid_from"], unique=False
    )
    op.create_table(
        "invoice_draft",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), server_default="", nullable=False),
        sa.Column("party_id", INT, nullable=False),
        sa.Column("business_id", INT, nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("rate_micro", INT, nullable=False),
        sa.Column("dated_on", INT, nullable=False),
        sa.Column("due_on", INT, nullable=True),
        sa.Column("terms_days", INT, server_default="0", nullable=False),
        sa.Column("reference", sa.Text(), server_default="", nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("subtotal", INT, nullable=True),
        sa.Column("tax_total", INT, nullable=True),
        sa.Column("total", INT, nullable=True),
        sa.Column("person_id", INT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("active", INT, server_default="1", nullable=False),
        sa.Column("document_id", INT, nullable=True),
        sa.PrimaryKeyConstraint("org_id", "request_id", name="pk_invoice_draft"),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_invoice_draft_waiting",
        "invoice_draft",
        ["org_id", "updated_at"],
        unique=False,
        sqlite_where=sa.text("document_id IS NULL AND active = 1"),
        postgresql_where=sa.text("document_id IS NULL AND active = 1"),
    )
    op.create_table(
        "location",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("location_id", INT, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("depot_id", INT, nullable=True),
        sa.Column("stamp", INT, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("org_id", "location_id", name="pk_location"),
        sqlite_strict=True,
    )
    op.create_index("ix_location_stamp", "location", ["org_id", "stamp", "location_id"], unique=False)
    op.create_table(
        "open_invoice",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("party_role", sa.Text(), nullable=False),
        sa.Column("party_id", INT, nullable=False),
        sa.Column("business_id", INT, nullable=False),
        sa.Column("invoice_id", INT, nullable=False),
        sa.Column("due_on", INT, nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount", INT, nullable=False),
        sa.Column("base_amount", INT, nullable=False),
        sa.Column("stamp", INT, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint(
            "org_id",
            "party_role",
            "party_id",
            "business_id",
            "invoice_id",
            "due_on",
            "currency",
            name="pk_open_invoice",
        ),
        sqlite_strict=True,
    )
    if op.get_bind().dialect.name == "postgresql":
        op.create_index("ix_open_invoice_stamp", "open_invoice", ["org_id", "stamp"], unique=False)
    op.create_table(
        "organisation",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("organisation_id", INT, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("base_currency", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("cash_step", INT, nullable=False),
        sa.Column("stamp", INT, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("org_id", "organisation_id", name="pk_organisation"),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_organisation_stamp", "organisation", ["org_id", "stamp", "organisation_id"], unique=False
    )
    op.create_table(
        "party",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("party_id", INT, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), server_default="", nullable=False),
        sa.Column("active", INT, server_default="1", nullable=False),
        sa.Column("stamp", INT, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("org_id", "party_id", name="pk_party"),
        sa.UniqueConstraint("org_id", "code", name="uq_party_org_id_code"),
        sqlite_strict=True,
    )
    if op.get_bind().dialect.name == "postgresql":
        op.create_index(
            "ix_party_phone",
            "party",
            ["org_id", "phone"],
            unique=False,
            postgresql_where=sa.text("phone <> ''"),
            postgresql_ops={"phone": "text_pattern_ops"},
        )
    op.create_index("ix_party_stamp", "party", ["org_id", "stamp", "party_id"], unique=False)
    op.create_table(
        "party_balance",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("party_role", sa.Text(), nullable=False),
        sa.Column("party_id", INT, nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount", INT, nullable=False),
        sa.Column("base_amount", INT, nullable=False),
        sa.Column("stamp", INT, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("org_id", "party_role", "party_id", "currency", name="pk_party_balance"),
        sqlite_strict=True,
    )
    if op.get_bind().dialect.name == "postgresql":
        op.create_index("ix_party_balance_stamp", "party_balance", ["org_id", "stamp"], unique=False)
    op.create_table(
        "party_balance_checkpoint",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("party_role", sa.Text(), nullable=False),
        sa.Column("party_id", INT, nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("shadow", INT, nullable=False),
        sa.Column("amount", INT, nullable=False),
        sa.Column("base_amount", INT, nullable=False),
        sa.Column("base_mark", INT, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint(
            "org_id", "party_role", "party_id", "currency", "shadow", name="pk_party_balance_checkpoint"
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "party_role",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("party_id", INT, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("terms_days", INT, server_default="0", nullable=False),
        sa.Column("credit_limit", INT, server_default="0", nullable=False),
        sa.Column("active", INT, server_default="1", nullable=False),
        sa.Column("stamp", INT, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("org_id", "party_id", "role", name="pk_party_role"),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_party_role_stamp", "party_role", ["org_id", "stamp", "party_id", "role"], unique=False
    )
    op.create_table(
        "period_lock",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("lock_id", INT, nullable=False),
        sa.Column("business_id", INT, nullable=True),
        sa.Column("locked_through", INT, nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("stamp", INT, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("org_id", "lock_id", name="pk_period_lock"),
        sqlite_strict=True,
    )
    op.create_index("ix_period_lock_stamp", "period_lock", ["org_id", "stamp", "lock_id"], unique=False)
    op.create_table(
        "person",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("person_id", INT, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("pin_hash", sa.Text(), nullable=False),
        sa.Column("depot_id", INT, nullable=True),
        sa.Column("active", INT, server_default="1", nullable=False),
        sa.Column("stamp", INT, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("org_id", "person_id", name="pk_person"),
        sa.UniqueConstraint("org_id", "code", name="uq_person_org_id_code"),
        sqlite_strict=True,
    )
    op.create_index("ix_person_stamp", "person", ["org_id", "stamp", "person_id"], unique=False)
    op.create_table(
        "person_role",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("assignment_id", INT, nullable=False),
        sa.Column("person_id", INT, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("business_id", INT, nullable=True),
        sa.Column("depot_id", INT, nullable=True),
        sa.Column("valid_from_us", INT, server_default="0", nullable=False),
        sa.Column("valid_to_us", INT, nullable=True),
        sa.Column("stamp", INT, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("org_id", "assignment_id", name="pk_person_role"),
        sqlite_strict=True,
    )
    op.create_index("ix_person_role_stamp", "person_role", ["org_id", "stamp", "assignment_id"], unique=False)
    op.create_table(
        "product",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("product_id", INT, nullable=False),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("price", INT, nullable=False),
        sa.Column("tax_code", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("business_id", INT, nullable=False),
        sa.Column("stocked", INT, server_default="1", nullable=False),
        sa.Column("on_shelf", INT, server_default="0", nullable=False),
        sa.Column("active", INT, server_default="1", nullable=False),
        sa.Column("stamp", INT, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("org_id", "product_id", name="pk_product"),
        sa.UniqueConstraint("org_id", "sku", name="uq_product_org_id_sku"),
        sqlite_strict=True,
    )
    op.create_index("ix_product_category", "product", ["org_id", "category", "name"], unique=False)
    op.create_index("ix_product_stamp", "product", ["org_id", "stamp", "product_id"], unique=False)
    op.create_table(
        "product_barcode",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("barcode", sa.Text(), nullable=False),
        sa.Column("product_id", INT, nullable=False),
        sa.Column("stamp", INT, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("org_id", "barcode", name="pk_product_barcode"),
        sqlite_strict=True,
    )
    op.create_index("ix_product_barcode_product", "product_barcode", ["org_id", "product_id"], unique=False)
    op.create_index(
        "ix_product_barcode_stamp", "product_barcode", ["org_id", "stamp", "barcode"], unique=False
    )
    op.create_table(
        "recalculation",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("run_id", INT, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("walked_to", sa.Text(), server_default="", nullable=False),
        sa.Column("checked", INT, server_default="0", nullable=False),
        sa.Column("drifted", INT, server_default="0", nullable=False),
        sa.Column("mended", INT, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("org_id", "run_id", name="pk_recalculation"),
        sqlite_strict=True,
    )
    op.create_table(
        "reconciliation",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("walk", sa.Text(), nullable=False),
        sa.Column("walked_to", sa.Text(), server_default="", nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("seen", INT, server_default="0", nullable=False),
        sa.Column("total", INT, server_default="0", nullable=False),
        sa.Column("found", INT, server_default="0", nullable=False),
        sa.Column("passes", INT, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("org_id", "walk", name="pk_reconciliation"),
        sqlite_strict=True,
    )
    op.create_table(
        "reorder_level",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("location_id", INT, nullable=False),
        sa.Column("product_id", INT, nullable=False),
        sa.Column("minimum", INT, nullable=False),
        sa.Column("target", INT, nullable=False),
        sa.Column("active", INT, server_default="1", nullable=False),
        sa.Column("stamp", INT, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("org_id", "location_id", "product_id", name="pk_reorder_level"),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_reorder_level_stamp",
        "reorder_level",
        ["org_id", "stamp", "location_id", "product_id"],
        unique=False,
    )
    op.create_table(
        "role",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("active", INT, server_default="1", nullable=False),
        sa.Column("stamp", INT, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("org_id", "code", name="pk_role"),
        sqlite_strict=True,
    )
    op.create_index("ix_role_stamp", "role", ["org_id", "stamp", "code"], unique=False)
    op.create_table(
        "role_permission",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("grant_id", INT, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("permission", sa.Text(), nullable=False),
        sa.Column("valid_from_us", INT, server_default="0", nullable=False),
        sa.Column("valid_to_us", INT, nullable=True),
        sa.Column("stamp", INT, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("org_id", "grant_id", name="pk_role_permission"),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_role_permission_stamp", "role_permission", ["org_id", "stamp", "grant_id"], unique=False
    )
    op.create_table(
        "stock_level",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("location_id", INT, nullable=False),
        sa.Column("product_id", INT, nullable=False),
        sa.Column("quantity", INT, nullable=False),
        sa.Column("stamp", INT, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("org_id", "location_id", "product_id", name="pk_stock_level"),
        sqlite_strict=True,
    )
    if op.get_bind().dialect.name == "postgresql":
        op.create_index("ix_stock_level_stamp", "stock_level", ["org_id", "stamp"], unique=False)
    op.create_table(
        "stock_level_checkpoint",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("location_id", INT, nullable=False),
        sa.Column("product_id", INT, nullable=False),
        sa.Column("shadow", INT, nullable=False),
        sa.Column("quantity", INT, nullable=False),
        sa.Column("base_mark", INT, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint(
            "org_id", "location_id", "product_id", "shadow", name="pk_stock_level_checkpoint"
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "stock_value",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("business_id", INT, nullable=False),
        sa.Column("product_id", INT, nullable=False),
        sa.Column("quantity", INT, nullable=False),
        sa.Column("value", INT, nullable=False),
        sa.Column("stamp", INT, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("org_id", "business_id", "product_id", name="pk_stock_value"),
        sqlite_strict=True,
    )
    if op.get_bind().dialect.name == "postgresql":
        op.create_index("ix_stock_value_stamp", "stock_value", ["org_id", "stamp"], unique=False)
    op.create_table(
        "stock_value_checkpoint",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("business_id", INT, nullable=False),
        sa.Column("product_id", INT, nullable=False),
        sa.Column("shadow", INT, nullable=False),
        sa.Column("quantity", INT, nullable=False),
        sa.Column("value", INT, nullable=False),
        sa.Column("base_mark", INT, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint(
            "org_id", "business_id", "product_id", "shadow", name="pk_stock_value_checkpoint"
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "tax_code",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("treatment", sa.Text(), nullable=False),
        sa.Column("stamp", INT, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("org_id", "code", name="pk_tax_code"),
        sqlite_strict=True,
    )
    op.create_index("ix_tax_code_stamp", "tax_code", ["org_id", "stamp", "code"], unique=False)
    op.create_table(
        "tax_rate",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("valid_from", INT, nullable=False),
        sa.Column("rate_bp", INT, nullable=False),
        sa.Column("stamp", INT, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("org_id", "code", "valid_from", name="pk_tax_rate"),
        sqlite_strict=True,
    )
    op.create_index("ix_tax_rate_stamp", "tax_rate", ["org_id", "stamp", "code", "valid_from"], unique=False)
    op.create_table(
        "cost_line",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("document_id", INT, nullable=False),
        sa.Column("cost_no", INT, nullable=False),
        sa.Column("year", INT, nullable=False),
        sa.Column("business_id", INT, nullable=False),
        sa.Column("product_id", INT, nullable=False),
        sa.Column("quantity", INT, nullable=False),
        sa.Column("value", INT, nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id", "document_id"],
            ["document.org_id", "document.document_id"],
            name="fk_cost_line_document",
            initially="DEFERRED",
            deferrable=True,
        ).ddl_if(dialect="sqlite"),
        sa.PrimaryKeyConstraint("org_id", "document_id", "cost_no", "year", name="pk_cost_line"),
        postgresql_partition_by="RANGE (year)",
        sqlite_strict=True,
    )
    if op.get_bind().dialect.name == "postgresql":
        op.create_index(
            "ix_cost_line_product",
            "cost_line",
            ["org_id", "product_id", "business_id", "document_id"],
            unique=False,
        )
    op.create_table(
        "document_line",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("document_id", INT, nullable=False),
        sa.Column("line_no", INT, nullable=False),
        sa.Column("year", INT, nullable=False),
        sa.Column("business_id", INT, nullable=False),
        sa.Column("product_id", INT, nullable=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("quantity", INT, nullable=False),
        sa.Column("unit_price", INT, nullable=False),
        sa.Column("discount", INT, nullable=False),
        sa.Column("tax_code", sa.Text(), nullable=False),
        sa.Column("tax_rate_bp", INT, nullable=False),
        sa.Column("net", INT, nullable=False),
        sa.Column("tax", INT, nullable=False),
        sa.Column("origin_line", INT, nullable=True),
        sa.ForeignKeyConstraint(
            ["org_id", "document_id"],
            ["document.org_id", "document.document_id"],
            name="fk_document_line_document",
            initially="DEFERRED",
            deferrable=True,
        ).ddl_if(dialect="sqlite"),
        sa.PrimaryKeyConstraint("org_id", "document_id", "line_no", "year", name="pk_document_line"),
        postgresql_partition_by="RANGE (year)",
        sqlite_strict=True,
    )
    op.create_table(
        "journal_line",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("document_id", INT, nullable=False),
        sa.Column("line_no", INT, nullable=False),
        sa.Column("year", INT, nullable=False),
        sa.Column("business_id", INT, nullable=False),
        sa.Column("account_code", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount", INT, nullable=False),
        sa.Column("base_amount", INT, nullable=False),
        sa.Column("party_role", sa.Text(), nullable=True),
        sa.Column("party_id", INT, nullable=True),
        sa.Column("drawer_id", INT, nullable=True),
        sa.CheckConstraint("(party_id IS NULL) = (party_role IS NULL)", name="ck_journal_line_party"),
        sa.ForeignKeyConstraint(
            ["org_id", "document_id"],
            ["document.org_id", "document.document_id"],
            name="fk_journal_line_document",
            initially="DEFERRED",
            deferrable=True,
        ).ddl_if(dialect="sqlite"),
        sa.PrimaryKeyConstraint("org_id", "document_id", "line_no", "year", name="pk_journal_line"),
        postgresql_partition_by="RANGE (year)",
        sqlite_strict=True,
    )
    op.create_index(
        "ix_journal_line_account", "journal_line", ["org_id", "account_code", "document_id"], unique=False
    )
    op.create_index(
        "ix_journal_line_drawer",
        "journal_line",
        ["org_id", "drawer_id", "document_id"],
        unique=False,
        sqlite_where=sa.text("drawer_id IS NOT NULL"),
        postgresql_where=sa.text("drawer_id IS NOT NULL"),
    )
    op.create_index(
        "ix_journal_line_party",
        "journal_line",
        ["org_id", "party_id", "document_id"],
        unique=False,
        sqlite_where=sa.text("party_id IS NOT NULL"),
        postgresql_where=sa.text("party_id IS NOT NULL"),
    )
    op.create_table(
        "open_item",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("document_id", INT, nullable=False),
        sa.Column("item_no", INT, nullable=False),
        sa.Column("year", INT, nullable=False),
        sa.Column("business_id", INT, nullable=False),
        sa.Column("party_role", sa.Text(), nullable=False),
        sa.Column("party_id", INT, nullable=False),
        sa.Column("invoice_id", INT, nullable=False),
        sa.Column("due_on", INT, nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount", INT, nullable=False),
        sa.Column("base_amount", INT, nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id", "document_id"],
            ["document.org_id", "document.document_id"],
            name="fk_open_item_document",
            initially="DEFERRED",
            deferrable=True,
        ).ddl_if(dialect="sqlite"),
        sa.PrimaryKeyConstraint("org_id", "document_id", "item_no", "year", name="pk_open_item"),
        postgresql_partition_by="RANGE (year)",
        sqlite_strict=True,
    )
    op.create_index(
        "ix_open_item_invoice", "open_item", ["org_id", "invoice_id", "document_id"], unique=False
    )
    op.create_table(
        "stock_move",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("document_id", INT, nullable=False),
        sa.Column("move_no", INT, nullable=False),
        sa.Column("year", INT, nullable=False),
        sa.Column("location_id", INT, nullable=False),
        sa.Column("product_id", INT, nullable=False),
        sa.Column("quantity", INT, nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id", "document_id"],
            ["document.org_id", "document.document_id"],
            name="fk_stock_move_document",
            initially="DEFERRED",
            deferrable=True,
        ).ddl_if(dialect="sqlite"),
        sa.PrimaryKeyConstraint("org_id", "document_id", "move_no", "year", name="pk_stock_move"),
        postgresql_partition_by="RANGE (year)",
        sqlite_strict=True,
    )
    if op.get_bind().dialect.name == "postgresql":
        op.create_index(
            "ix_stock_move_product",
            "stock_move",
            ["org_id", "product_id", "location_id", "document_id"],
            unique=False,
        )
    op.create_table(
        "tender",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("document_id", INT, nullable=False),
        sa.Column("tender_no", INT, nullable=False),
        sa.Column("year", INT, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount", INT, nullable=False),
        sa.Column("account_code", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("drawer_id", INT, nullable=True),
        sa.Column("is_change", INT, nullable=False),
        sa.Column("paid", INT, nullable=True),
        sa.Column("paid_currency", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["org_id", "document_id"],
            ["document.org_id", "document.document_id"],
            name="fk_tender_document",
            initially="DEFERRED",
            deferrable=True,
        ).ddl_if(dialect="sqlite"),
        sa.PrimaryKeyConstraint("org_id", "document_id", "tender_no", "year", name="pk_tender"),
        postgresql_partition_by="RANGE (year)",
        sqlite_strict=True,
    )
    op.create_index(
        "ix_tender_reference",
        "tender",
        ["org_id", "reference"],
        unique=False,
        sqlite_where=sa.text("reference <> ''"),
        postgresql_where=sa.text("reference <> ''"),
        postgresql_ops={"reference": "text_pattern_ops"},
    )


def downgrade() -> None:
    """Drop them: only an empty database is ever taken back so far."""
    op.drop_table("tender")
    op.drop_table("stock_move")
    op.drop_table("open_item")
    op.drop_table("journal_line")
    op.drop_table("document_line")
    op.drop_table("cost_line")
    op.drop_table("tax_rate")
    op.drop_table("tax_code")
    op.drop_table("stock_value_checkpoint")
    op.drop_table("stock_value")
    op.drop_table("stock_level_checkpoint")
    op.drop_table("stock_level")
    op.drop_table("role_permission")
    op.drop_table("role")
    op.drop_table("reorder_level")
    op.drop_table("reconciliation")
    op.drop_table("recalculation")
    op.drop_table("product_barcode")
    op.drop_table("product")
    op.drop_table("person_role")
    op.drop_table("person")
    op.drop_table("period_lock")
    op.drop_table("party_role")
    op.drop_table("party_balance_checkpoint")
    op.drop_table("party_balance")
    op.drop_table("party")
    op.drop_table("organisation")
    op.drop_table("open_invoice")
    op.drop_table("location")
    op.drop_table("invoice_draft")
    op.drop_table("exchange_rate")
    op.drop_table("drawer_cash_checkpoint")
    op.drop_table("drawer_cash")
    op.drop_table("drawer")
    op.drop_table("document_total")
    op.drop_table("document")
    op.drop_table("depot")
    op.drop_table("contract_rate")
    op.drop_table("checkpoint_mark")
    op.drop_table("business")
    op.drop_table("balance_finding")
    op.drop_table("audit_log")
    op.drop_table("arrival")
    op.drop_table("account_balance_checkpoint")
    op.drop_table("account_balance")
    op.drop_table("account")
