"""What is printed without a document, a label, stands in its print job."""

import sqlalchemy as sa
from alembic import op

revision = "till_0007"
down_revision = "till_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What waits to be printed is documents alone."""
    op.add_column("print_job", sa.Column("content", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    """Labels that wait are forgotten."""
    op.execute("DELETE FROM print_job WHERE what = 'label'")
    op.drop_column("print_job", "content")
