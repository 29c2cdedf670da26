"""The secrets with which people prove what they approve."""

import sqlalchemy as sa
from alembic import op

revision = "central_0013"
down_revision = "central_0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Empty: each comes with a person's next PIN."""
    op.create_table(
        "approval_secret",
        sa.Column("org_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("since_us", sa.BigInteger(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("org_id", "person_id", "since_us", name="pk_approval_secret"),
    )


def downgrade() -> None:
    """No approval of before can be judged again."""
    op.drop_table("approval_secret")
