"""Contacts and meters of parties, the party that a double was merged into, and who of the staff is which."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.sqlite import INTEGER

revision = "ledger_0023"
down_revision = "ledger_0022"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(INTEGER(), "sqlite")
TEXT = sa.Text()


def _must(name: str, type_: object = INT, default: str | None = None) -> sa.Column:
    return sa.Column(name, type_, server_default=default, nullable=False)


_TABLES = (
    (
        "party_contact",
        "label",
        lambda: tuple(_must(name, TEXT, default="") for name in ("name", "phone", "email", "address")),
    ),
    (
        "party_meter",
        "code",
        lambda: (
            _must("product_id"), _must("serial", TEXT, default=""), _must("first_reading", default="0"),
        ),
    ),
)  # fmt: skip


def upgrade() -> None:
    """Nobody has said any yet."""
    op.add_column("party", sa.Column("into_id", INT, nullable=True))
    op.add_column("person", sa.Column("party_id", INT, nullable=True))
    for name, key, columns in _TABLES:
        op.create_table(
            name,
            _must("org_id"),
            _must("party_id"),
            _must(key, TEXT),
            *columns(),
            _must("active", default="1"),
            _must("stamp", default="0"),
            sa.PrimaryKeyConstraint("org_id", "party_id", key, name=f"pk_{name}"),
            sqlite_strict=True,
        )
        op.create_index(f"ix_{name}_stamp", name, ["org_id", "stamp", "party_id", key], unique=False)


def downgrade() -> None:
    """What was said is forgotten."""
    for name, *_ in reversed(_TABLES):
        op.drop_table(name)
    op.drop_column("person", "party_id")
    op.drop_column("party", "into_id")
