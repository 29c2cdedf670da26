"""The account of cash on its way to the bank, for the organisations that run."""

from alembic import op
from sqlalchemy import text

revision = "central_0026"
down_revision = "central_0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Where the code is somebody's own already, the next free one."""
    connection = op.get_bind()
    if connection.execute(text("SELECT to_regclass('account')")).scalar() is None:
        # A new database: its tables come after this, and founding adds the account.
        return
    connection.execute(
        text(
            "INSERT INTO account (org_id, code, name, type, role)"
            " SELECT o.org_id, (SELECT n::text FROM generate_series(1152, 1154) AS n WHERE NOT EXISTS"
            " (SELECT 1 FROM account AS a WHERE a.org_id = o.org_id AND a.code = n::text)"
            " ORDER BY n LIMIT 1), 'Cash on its way to the bank', 'asset', 'cash_in_transit'"
            " FROM organisation AS o WHERE NOT EXISTS (SELECT 1 FROM account AS a"
            " WHERE a.org_id = o.org_id AND a.role = 'cash_in_transit')"
        )
    )


def downgrade() -> None:
    """The account stays: what was on its way is in the books."""
    op.execute("UPDATE account SET role = NULL WHERE role = 'cash_in_transit'")
