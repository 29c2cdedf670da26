"""The account of cheques that were taken and are not banked yet, for the organisations that run."""

from alembic import op
from sqlalchemy import text

revision = "central_0025"
down_revision = "central_0024"
branch_labels = None
depends_on = None

_ACCOUNTS = (("1155", "Cheques not yet banked", "asset", "cheques"),)


def upgrade() -> None:
    """Where the code is somebody's own already, the next free one."""
    connection = op.get_bind()
    if connection.execute(text("SELECT to_regclass('account')")).scalar() is None:
        # A new database: its tables come after this, and founding adds the accounts.
        return
    for code, name, type_, role in _ACCOUNTS:
        connection.execute(
            text(
                "INSERT INTO account (org_id, code, name, type, role)"
                " SELECT o.org_id, (SELECT n::text FROM generate_series(CAST(:code AS bigint),"
                " CAST(:code AS bigint) + 9) AS n WHERE NOT EXISTS (SELECT 1 FROM account AS a"
                " WHERE a.org_id = o.org_id AND a.code = n::text) ORDER BY n LIMIT 1), :name, :type, :role"
                " FROM organisation AS o WHERE NOT EXISTS (SELECT 1 FROM account AS a"
                " WHERE a.org_id = o.org_id AND a.role = :role)"
            ),
            {"code": code, "name": name, "type": type_, "role": role},
        )


def downgrade() -> None:
    """The account stays: what was taken is in the books."""
    op.execute("UPDATE account SET role = NULL WHERE role = 'cheques'")
