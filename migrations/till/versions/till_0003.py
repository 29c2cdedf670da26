"""The centre's values of what stands between each business and a party."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.sqlite import INTEGER

revision = "till_0003"
down_revision = "till_0002"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(INTEGER(), "sqlite")


def upgrade() -> None:
    """Empty: the feed brings them."""
    op.create_table(
        "party_in_business_baseline",
        sa.Column("org_id", INT, nullable=False),
        sa.Column("party_role", sa.Text(), nullable=False),
        sa.Column("party_id", INT, nullable=False),
        sa.Column("business_id", INT, nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount", INT, nullable=False),
        sa.Column("base_amount", INT, nullable=False),
        sa.Column("mark", INT, nullable=False),
        sa.PrimaryKeyConstraint(
            "org_id",
            "party_role",
            "party_id",
            "business_id",
            "currency",
            name="pk_party_in_business_baseline",
        ),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """They come again."""
    op.drop_table("party_in_business_baseline")
