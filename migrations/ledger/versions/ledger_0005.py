"""Prices of more decimals than their currency: ten-thousandths of a minor unit, beside each price."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.sqlite import INTEGER

revision = "ledger_0005"
down_revision = "ledger_0004"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(INTEGER(), "sqlite")
_TABLES = ("product", "contract_rate", "document_line")


def upgrade() -> None:
    """Every price of before is whole."""
    for table in _TABLES:
        op.add_column(table, sa.Column("price_fine", INT, server_default="0", nullable=False))


def downgrade() -> None:
    """What is finer than a minor unit is lost."""
    for table in reversed(_TABLES):
        op.drop_column(table, "price_fine")
