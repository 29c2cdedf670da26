"""Signatures of documents; what was recorded before has none, and its chain is under the first that has one."""

import sqlalchemy as sa
from alembic import op

revision = "ledger_0009"
down_revision = "ledger_0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is rewritten: the column is empty on every document that stands."""
    op.add_column("document", sa.Column("signature", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """The signatures are lost."""
    op.drop_column("document", "signature")
