"""A bank account says whether it may be overdrawn; those of shops that run could be until now, and may."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.sqlite import INTEGER

revision = "ledger_0014"
down_revision = "ledger_0013"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(INTEGER(), "sqlite")


def upgrade() -> None:
    """What paid yesterday pays today: where a bank stands below nothing is the bank's to say.

    Only one account is the bank by its role; the second bank of a shop has none, and is paid from by its code.
    """
    op.add_column("account", sa.Column("may_overdraw", INT, server_default="0", nullable=False))
    op.execute(
        "UPDATE account SET may_overdraw = 1 WHERE role = 'bank' OR (role IS NULL AND type = 'asset')"
    )


def downgrade() -> None:
    """Nothing is judged any more."""
    op.drop_column("account", "may_overdraw")
