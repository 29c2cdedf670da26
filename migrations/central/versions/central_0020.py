"""What tills ask for, as it came."""

import sqlalchemy as sa
from alembic import op

revision = "central_0020"
down_revision = "central_0019"
branch_labels = None
depends_on = None

INT = sa.BigInteger()


def upgrade() -> None:
    """Nothing came yet."""
    op.create_table(
        "request_in",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("terminal_no", INT, nullable=False),
        sa.Column("request_no", INT, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("person_id", INT, nullable=False),
        sa.Column("at_us", INT, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("org_id", "terminal_no", "request_no", name="pk_request_in"),
    )


def downgrade() -> None:
    """The requests go; what was made for them stays."""
    op.drop_table("request_in")
