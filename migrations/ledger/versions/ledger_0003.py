"""Who answers for dates in shops that run: their owners, managers and accountants may allow a date that lies
before what a document follows.

At the centre; to tills the feed brings it.  Frozen: says whom it was given to then, whatever the default
roles say today.
"""

from alembic import op

revision = "ledger_0003"
down_revision = "ledger_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Give the roles that have these codes the permission, from ever: a clock may stand anywhere."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(
        "INSERT INTO role_permission (org_id, grant_id, role, permission, valid_from_us)"
        " SELECT r.org_id, (SELECT coalesce(max(g.grant_id), 0) FROM role_permission AS g"
        " WHERE g.org_id = r.org_id) + row_number() OVER (PARTITION BY r.org_id ORDER BY r.code),"
        " r.code, 'backdate', 0 FROM role AS r WHERE r.code IN ('owner', 'manager', 'accountant')"
        " AND NOT EXISTS (SELECT 1 FROM role_permission AS g WHERE g.org_id = r.org_id AND g.role = r.code"
        " AND g.permission = 'backdate')"
    )


def downgrade() -> None:
    """What was allowed at a moment can be asked for ever: it stays."""
