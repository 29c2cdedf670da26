"""Passkeys, with which people sign in in a browser."""

import sqlalchemy as sa
from alembic import op

revision = "central_0023"
down_revision = "central_0022"
branch_labels = None
depends_on = None

INT = sa.BigInteger()
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Nobody has any yet."""
    op.create_table(
        "passkey",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("passkey_id", INT, nullable=False),
        sa.Column("person_id", INT, nullable=False),
        sa.Column("credential", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("closed", sa.Text(), nullable=False),
        sa.Column("sign_count", INT, server_default="0", nullable=False),
        sa.Column("answered_us", INT, server_default="0", nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("org_id", "passkey_id", name="pk_passkey"),
        sa.UniqueConstraint("org_id", "credential", name="uq_passkey_org_id_credential"),
    )


def downgrade() -> None:
    """Passkeys are added anew."""
    op.drop_table("passkey")
