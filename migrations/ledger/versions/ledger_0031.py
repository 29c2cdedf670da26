"""By whom the sales of a business are signed, and how each of them stands."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.sqlite import INTEGER

revision = "ledger_0031"
down_revision = "ledger_0030"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(INTEGER(), "sqlite")


def _must(name: str, type_: object = INT, default: str | None = None) -> sa.Column:
    return sa.Column(name, type_, server_default=default, nullable=False)


def upgrade() -> None:
    """Nobody's sales are signed yet."""
    op.create_table(
        "fiscal_setting",
        _must("org_id"),
        _must("business_id"),
        _must("regime", sa.Text(), "none"),
        _must("branch", sa.Text(), ""),
        *(_must(name, default="0") for name in ("hours", "is_trial", "from_us", "stamp")),
        sa.PrimaryKeyConstraint("org_id", "business_id", name="pk_fiscal_setting"),
        sqlite_strict=True,
    )
    op.create_index("ix_fiscal_setting_stamp", "fiscal_setting", ["org_id", "stamp", "business_id"])
    texts = ("unit", "label", "internal", "signature", "signed_at", "qr", "original", "said", "figures")
    op.create_table(
        "fiscal_receipt",
        *(_must(name) for name in ("org_id", "document_id", "business_id", "part", "depot_id")),
        _must("regime", sa.Text()),
        _must("state", sa.Text(), "waiting"),
        _must("trader_no", sa.Text()),
        sa.Column("original_id", INT, nullable=True),
        *(_must(name) for name in ("made_us", "day")),
        *(_must(name, default="0") for name in ("number", "receipt_no", "total_no")),
        *(_must(name, sa.Text(), "") for name in texts),
        _must("stamp", default="0"),
        sa.PrimaryKeyConstraint("org_id", "document_id", "business_id", "part", name="pk_fiscal_receipt"),
        sqlite_strict=True,
    )
    if op.get_bind().dialect.name == "postgresql":
        op.create_index(
            "uq_fiscal_receipt_number",
            "fiscal_receipt",
            ["org_id", "business_id", "number"],
            unique=True,
            postgresql_where=sa.text("number > 0"),
        )
        op.create_index(
            "ix_fiscal_receipt_open",
            "fiscal_receipt",
            ["org_id", "business_id", "state", "made_us", "document_id"],
            postgresql_where=sa.text("state IN ('waiting', 'sent', 'refused')"),
        )
        op.create_index(
            "ix_fiscal_receipt_stamp", "fiscal_receipt", ["org_id", "depot_id", "stamp", "document_id"]
        )


def downgrade() -> None:
    """What was signed is forgotten here; the authority keeps it."""
    op.drop_table("fiscal_receipt")
    op.drop_table("fiscal_setting")
