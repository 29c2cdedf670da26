"""Where people who are of no one depot sign in; owners of before: where they recorded, else at the first depot."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import text

revision = "central_0006"
down_revision = "central_0005"
branch_labels = None
depends_on = None

_OWNERS = (
    "SELECT p.org_id, p.person_id FROM person AS p WHERE p.depot_id IS NULL AND EXISTS (SELECT 1"
    " FROM person_role AS h JOIN role_permission AS g ON g.org_id = h.org_id AND g.role = h.role"
    " WHERE h.org_id = p.org_id AND h.person_id = p.person_id AND h.valid_to_us IS NULL"
    " AND g.permission = 'edit_people' AND g.valid_to_us IS NULL)"
)


def upgrade() -> None:
    """Everybody else signs in where they did."""
    op.create_table(
        "person_depot",
        sa.Column("org_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("depot_id", sa.BigInteger(), nullable=False),
        sa.Column("active", sa.BigInteger(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("org_id", "person_id", "depot_id", name="pk_person_depot"),
    )
    if op.get_bind().execute(text("SELECT to_regclass('document')")).scalar() is None:
        # A new database: its tables come after this, and founding says where the owner works.
        return
    op.execute(
        f"INSERT INTO person_depot (org_id, person_id, depot_id) SELECT DISTINCT o.org_id, o.person_id, d.depot_id"
        f" FROM ({_OWNERS}) AS o JOIN document AS d ON d.org_id = o.org_id"
        " AND d.person_id = o.person_id AND d.terminal_no < 1000000"
    )
    op.execute(
        "INSERT INTO person_depot (org_id, person_id, depot_id) SELECT o.org_id, o.person_id, min(d.depot_id)"
        f" FROM ({_OWNERS}) AS o JOIN depot AS d ON d.org_id = o.org_id GROUP BY o.org_id, o.person_id"
        " ON CONFLICT DO NOTHING"
    )
    # A new stamp: the tills where they do not work are told to forget their PIN.
    op.execute("UPDATE person SET active = active WHERE (org_id, person_id) IN (SELECT org_id, person_id FROM person_depot)")


def downgrade() -> None:
    """Everybody signs in everywhere again."""
    op.drop_table("person_depot")
