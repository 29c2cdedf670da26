"""The accounts of points, for the organisations that run: what is owed, and what revenue gave for it."""

from alembic import op
from sqlalchemy import text

revision = "central_0021"
down_revision = "central_0020"
branch_labels = None
depends_on = None

_ACCOUNTS = (
    ("2410", "Points of customers", "liability", "points"),
    ("4890", "Points given, off revenue", "income", "points_given"),
)


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
    """The accounts stay: what was given is in the books."""
    op.execute("UPDATE account SET role = NULL WHERE role IN ('points', 'points_given')")
