"""What people prove beside their PIN in a browser."""

import sqlalchemy as sa
from alembic import op

revision = "central_0018"
down_revision = "central_0017"
branch_labels = None
depends_on = None

INT = sa.BigInteger()


def upgrade() -> None:
    """Nobody has any yet."""
    op.create_table(
        "web_secret",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("person_id", INT, nullable=False),
        sa.Column("password_hash", sa.Text(), server_default="", nullable=False),
        sa.Column("totp_secret", sa.Text(), server_default="", nullable=False),
        sa.Column("totp_step", INT, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("org_id", "person_id", name="pk_web_secret"),
    )


def downgrade() -> None:
    """Passwords and authenticators are set anew."""
    op.drop_table("web_secret")
