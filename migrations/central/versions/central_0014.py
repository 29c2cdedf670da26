"""Whose a product was before: kept by a trigger, which every upgrade makes from its declaration."""

revision = "central_0014"
down_revision = "central_0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing but the trigger: what changed before is not known."""


def downgrade() -> None:
    """The trigger goes with the declaration."""
