"""Flags: what is odd about documents that were booked, that it was told, and who looked at it."""

import sqlalchemy as sa
from alembic import op

revision = "central_0005"
down_revision = "central_0004"
branch_labels = None
depends_on = None


def _table(name: str, *columns: sa.Column[object]) -> None:
    op.create_table(
        name,
        sa.Column("org_id", sa.BigInteger(), nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("org_id", "document_id", "kind", "place", name=op.f(f"pk_{name}")),
    )


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def upgrade() -> None:
    """Nothing is flagged that came before; triggers and policies are made with all others."""
    _table("flag", sa.Column("facts", sa.Text(), nullable=False), _moment("found_at"))
    op.create_index("ix_flag_found", "flag", ["org_id", "found_at"])
    _table("flag_told", _moment("told_at"))
    _table(
        "flag_look",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        _moment("looked_at"),
        sa.Column("note", sa.Text(), nullable=False),
    )


def downgrade() -> None:
    """What was flagged is lost."""
    for name in ("flag_look", "flag_told", "flag"):
        op.drop_table(name)
