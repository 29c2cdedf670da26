"""What an owner draws at a till goes to the account of drawings: in shops that run it has that role now."""

from alembic import op
from sqlalchemy import text

revision = "central_0015"
down_revision = "central_0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The account of the first chart, where it is still there and nothing else."""
    if op.get_bind().execute(text("SELECT to_regclass('account')")).scalar() is None:
        # A new database: its tables come after this, and founding gives the role.
        return
    op.execute(
        "UPDATE account SET role = 'drawings' WHERE code = '3200' AND type = 'equity' AND role IS NULL"
        " AND business_id IS NULL"
    )


def downgrade() -> None:
    """It is posted to by hand alone."""
    op.execute("UPDATE account SET role = NULL WHERE role = 'drawings'")
