"""Entries of the audit log are bound in signed runs; those of tills have a number of their own at the centre.

What stands at the upgrade is bound by the first run that is signed afterwards, as it stands then: what was
done to it before nobody can tell any more.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.sqlite import INTEGER

revision = "ledger_0013"
down_revision = "ledger_0012"
branch_labels = None
depends_on = None

#: The number of the centre among terminals.
_CENTRE = 1_000_000

INT = sa.BigInteger().with_variant(INTEGER(), "sqlite")


def upgrade() -> None:
    """Nothing is signed yet; where there are entries, one says from which on they are."""
    op.create_table(
        "audit_run",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("terminal_no", INT, nullable=False),
        sa.Column("last_no", INT, nullable=False),
        sa.Column("first_no", INT, nullable=False),
        sa.Column("key_no", INT, nullable=False),
        sa.Column("prev_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("digests", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("org_id", "terminal_no", "last_no", name="pk_audit_run"),
        sqlite_strict=True,
    )
    op.add_column("audit_log", sa.Column("origin_no", INT, nullable=True))
    if op.get_context().dialect.name == "postgresql":
        op.create_index(
            "ix_audit_log_origin",
            "audit_log",
            ["org_id", "terminal_no", "origin_no"],
            postgresql_where=sa.text("origin_no IS NOT NULL"),
        )
    _say_so(op.get_bind())


def downgrade() -> None:
    """What was signed is forgotten."""
    if op.get_context().dialect.name == "postgresql":
        op.drop_index("ix_audit_log_origin", "audit_log")
    op.drop_column("audit_log", "origin_no")
    op.drop_table("audit_run")


def _say_so(connection: sa.Connection) -> None:
    on_till = connection.dialect.name == "sqlite"
    now = "CAST(unixepoch('now', 'subsec') * 1000000 AS INTEGER)" if on_till else "now()"
    # A till's entries are its own; the year is one that has a partition.
    terminal_no = "max(terminal_no)" if on_till else str(_CENTRE)
    connection.exec_driver_sql(
        "INSERT INTO audit_log (org_id, entry_id, at, terminal_no, person_id, address, action, subject,"
        f" before, after, year) SELECT org_id, max(entry_id) + 1, {now}, {terminal_no}, NULL, '',"
        " 'audit.signed', 'entries 1 to ' || max(entry_id) || ' are signed as they stand at this upgrade',"
        " '', '', max(year) FROM audit_log GROUP BY org_id"
    )
