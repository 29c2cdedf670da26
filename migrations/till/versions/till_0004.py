"""People come anew with the next feed: what proves their approvals was not taken by an older version."""

from alembic import op

revision = "till_0004"
down_revision = "till_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forget where the feed of people stands."""
    op.execute("DELETE FROM feed_cursor WHERE kind = 'person'")


def downgrade() -> None:
    """They came."""
