"""Which document holds which M-Pesa code, with the codes of the tenders that are there."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.sqlite import INTEGER

revision = "ledger_0004"
down_revision = "ledger_0003"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(INTEGER(), "sqlite")

#: At the centre a code is closed and stays in its own letters; at a till it is compared with O as 0, I as 1.
_CODE = {"postgresql": "t.reference", "sqlite": "replace(replace(t.reference, 'O', '0'), 'I', '1')"}
_DAY = {
    "postgresql": "CAST(to_char(d.occurred_at AT TIME ZONE 'UTC', 'YYYYMMDD') AS bigint)",
    "sqlite": "CAST(strftime('%Y%m%d', d.occurred_at / 1000000, 'unixepoch') AS INTEGER)",
}


def upgrade() -> None:
    """Make the table and let the first document with each code hold it."""
    op.create_table(
        "used_code",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("document_id", INT, nullable=False),
        sa.Column("place", INT, nullable=False),
        sa.Column("depot_id", INT, nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("number", INT, nullable=False),
        sa.Column("day", INT, nullable=False),
        sa.Column("state", sa.Text(), server_default="used", nullable=False),
        sa.Column("stamp", INT, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("org_id", "code", name="pk_used_code"),
        sqlite_strict=True,
    )
    op.create_index("ix_used_code_document", "used_code", ["org_id", "document_id"], unique=False)
    engine = op.get_bind().dialect.name
    if engine == "postgresql":
        columns = ["org_id", "stamp", "document_id", "place"]
        op.create_index("ix_used_code_stamp", "used_code", columns, unique=False)
    stamp = "pg_current_xact_id()::text::bigint" if engine == "postgresql" else "0"
    op.execute(
        "INSERT INTO used_code"
        " (org_id, code, document_id, place, depot_id, series, number, day, state, stamp)"
        f" SELECT t.org_id, {_CODE[engine]}, t.document_id, t.tender_no, d.depot_id, d.series, d.number,"
        f" {_DAY[engine]}, 'used', {stamp} FROM tender AS t"
        " JOIN document AS d ON d.org_id = t.org_id AND d.document_id = t.document_id"
        " WHERE t.kind = 'mpesa' AND t.reference <> '' AND d.reverses_id IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM document AS r"
        " WHERE r.org_id = t.org_id AND r.reverses_id = t.document_id)"
        " ORDER BY d.occurred_at, t.document_id, t.tender_no ON CONFLICT (org_id, code) DO NOTHING"
    )


def downgrade() -> None:
    """Drop it: only an empty database is ever taken back so far."""
    op.drop_table("used_code")
