"""What a till asks the centre for waits until it is answered."""

import sqlalchemy as sa
from alembic import op

revision = "till_0005"
down_revision = "till_0004"
branch_labels = None
depends_on = None

INT = sa.INTEGER()


def upgrade() -> None:
    """Nothing was asked yet."""
    op.create_table(
        "request_out",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("request_no", INT, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("person_id", INT, nullable=False),
        sa.Column("at_us", INT, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("settled", INT, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("org_id", "request_no", name="pk_request_out"),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """What was asked is forgotten."""
    op.drop_table("request_out")
