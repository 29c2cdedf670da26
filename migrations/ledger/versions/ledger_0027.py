"""The documents of a kind are found newest first, at the centre."""

from alembic import op

revision = "ledger_0027"
down_revision = "ledger_0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing changes but how fast a list answers."""
    if op.get_bind().dialect.name == "postgresql":
        op.create_index(
            "ix_document_kind", "document", ["org_id", "kind", "occurred_at", "document_id"], unique=False
        )


def downgrade() -> None:
    """The lists read more."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index("ix_document_kind", "document")
