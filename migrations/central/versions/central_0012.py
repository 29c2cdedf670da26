"""What the centre keeps of requests: which protocol a terminal speaks, and its last requests' numbers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "central_0012"
down_revision = "central_0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Every terminal of before speaks the first protocol, until it is heard to speak another."""
    op.add_column("terminal", sa.Column("protocol", sa.BigInteger(), server_default="1", nullable=False))
    op.create_table(
        "heard_request",
        sa.Column("org_id", sa.BigInteger(), nullable=False),
        sa.Column("terminal_no", sa.BigInteger(), nullable=False),
        sa.Column("numbers", ARRAY(sa.BigInteger()), nullable=False),
        sa.PrimaryKeyConstraint("org_id", "terminal_no", name="pk_heard_request"),
    )


def downgrade() -> None:
    """What was heard is forgotten."""
    op.drop_table("heard_request")
    op.drop_column("terminal", "protocol")
