"""Loyalty programmes: what gives points, to whom, and what a point is worth."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.sqlite import INTEGER

revision = "ledger_0028"
down_revision = "ledger_0027"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(INTEGER(), "sqlite")


def _must(name: str, type_: object = INT, default: str | None = None) -> sa.Column:
    return sa.Column(name, type_, server_default=default, nullable=False)


def upgrade() -> None:
    """No shop has a programme yet."""
    op.create_table(
        "loyalty_programme",
        _must("org_id"),
        _must("programme_id"),
        _must("code", sa.Text()),
        _must("name", sa.Text()),
        *(_must(name, default="0") for name in ("points", "per_amount", "worth", "group_id")),
        _must("tiers", sa.Text(), default=""),
        _must("valid_from_us", default="0"),
        sa.Column("valid_to_us", INT, nullable=True),
        sa.Column("ended_us", INT, nullable=True),
        _must("stamp", default="0"),
        sa.PrimaryKeyConstraint("org_id", "programme_id", name="pk_loyalty_programme"),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_loyalty_programme_stamp", "loyalty_programme", ["org_id", "stamp", "programme_id"], unique=False
    )


def downgrade() -> None:
    """What was promised is forgotten; what was given stays in the books."""
    op.drop_table("loyalty_programme")
