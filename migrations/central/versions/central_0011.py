"""Wrong tries at shells of the centre, recovery keys, and who looks after the machines.

An organisation that runs has no recovery key: whoever may change people makes one (`recovery-key`).
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import text
from sqlalchemy.dialects.sqlite import INTEGER

revision = "central_0011"
down_revision = "central_0010"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(INTEGER(), "sqlite")
#: Microseconds since 1970 on SQLite, timestamptz on Postgres.
MOMENT = sa.DateTime(timezone=True).with_variant(INTEGER(), "sqlite")


def upgrade() -> None:
    """Make the tables; owners who run already may operate."""
    op.create_table(
        "sign_in_state",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("person_id", INT, nullable=False),
        sa.Column("failures", INT, nullable=False),
        sa.Column("locked_until", MOMENT, nullable=True),
        sa.Column("left_ms", INT, server_default="0", nullable=False),
        sa.Column("at_ms", INT, server_default="0", nullable=False),
        sa.Column("boot", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("org_id", "person_id", name="pk_sign_in_state"),
    )
    op.create_table(
        "recovery_key",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("key_no", INT, nullable=False),
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("org_id", "key_no", name="pk_recovery_key"),
    )
    if op.get_bind().execute(text("SELECT to_regclass('role_permission')")).scalar() is None:
        # A new database: its tables come after this, and founding gives the roles.
        return
    op.execute(
        "INSERT INTO role_permission (org_id, grant_id, role, permission, valid_from_us)"
        " SELECT r.org_id, (SELECT coalesce(max(g.grant_id), 0) FROM role_permission AS g"
        " WHERE g.org_id = r.org_id) + 1, r.code, 'operate', 0 FROM role AS r WHERE r.code = 'owner'"
        " AND NOT EXISTS (SELECT 1 FROM role_permission AS g WHERE g.org_id = r.org_id"
        " AND g.role = r.code AND g.permission = 'operate')"
    )


def downgrade() -> None:
    """Drop the tables: only an empty database is ever taken back so far."""
    op.drop_table("recovery_key")
    op.drop_table("sign_in_state")
