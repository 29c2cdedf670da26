"""How long nobody may try a PIN is counted by the machine's running time, not by its clock."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.sqlite import INTEGER

revision = "till_0002"
down_revision = "till_0001"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(INTEGER(), "sqlite")


def upgrade() -> None:
    """Who is locked out at this moment waits for the longest lockout once more."""
    op.add_column("sign_in_state", sa.Column("left_ms", INT, server_default="0", nullable=False))
    op.add_column("sign_in_state", sa.Column("at_ms", INT, server_default="0", nullable=False))
    op.add_column("sign_in_state", sa.Column("boot", sa.Text(), server_default="", nullable=False))
    op.execute("UPDATE sign_in_state SET left_ms = 900000 WHERE locked_until IS NOT NULL AND failures > 0")


def downgrade() -> None:
    """The clock decides again."""
    for column in ("boot", "at_ms", "left_ms"):
        op.drop_column("sign_in_state", column)
