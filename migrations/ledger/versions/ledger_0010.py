"""Who is at a shell: sessions and tokens, by the hashes of their secrets."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.sqlite import INTEGER

revision = "ledger_0010"
down_revision = "ledger_0009"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(INTEGER(), "sqlite")
#: Microseconds since 1970 on SQLite, timestamptz on Postgres.
MOMENT = sa.DateTime(timezone=True).with_variant(INTEGER(), "sqlite")


def upgrade() -> None:
    """Make the table; nobody is at a shell yet."""
    op.create_table(
        "shell_token",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("token_id", INT, nullable=False),
        sa.Column("person_id", INT, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("rights", sa.Text(), server_default="", nullable=False),
        sa.Column("account", sa.Text(), server_default="", nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("org_id", "token_id", name="pk_shell_token"),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Drop it: everybody signs in anew."""
    op.drop_table("shell_token")
