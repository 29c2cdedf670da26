"""A tax code says what kind of supply it is on a return, a business which number its register gave it."""

import sqlalchemy as sa
from alembic import op

revision = "ledger_0032"
down_revision = "ledger_0031"
branch_labels = None
depends_on = None

_COLUMNS = (("tax_code", "supply"), ("business", "company_number"), ("business_former", "company_number"))


def upgrade() -> None:
    """Every code is what its rate and treatment say; no business has said its number yet."""
    for table, column in _COLUMNS:
        op.add_column(table, sa.Column(column, sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    """The rates and treatments stay."""
    for table, column in _COLUMNS:
        op.drop_column(table, column)
