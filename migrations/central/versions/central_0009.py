"""The key under which a connection proves its organisation; it is drawn when the centre is opened."""

import sqlalchemy as sa
from alembic import op

revision = "central_0009"
down_revision = "central_0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, for one row."""
    op.create_table(
        "tenant_key",
        sa.Column("only", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("inner_block", sa.LargeBinary(), nullable=False),
        sa.Column("outer_block", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("only", name="pk_tenant_key"),
    )


def downgrade() -> None:
    """Drop it: only an empty database is ever taken back so far."""
    op.drop_table("tenant_key")
