"""How this till is, in the lines that the window and `bohari status` both show."""

from pos_app import VERSION
from pos_app.store.upkeep import till_health
from pos_app.store.upkeep.till_health import Check, Grade
from pos_app.till.session.context import Context

__all__ = ["Check", "Grade", "health"]


def health(context: Context) -> list[Check]:
    """Every line, in the order in which they are shown."""
    return till_health.checks(
        context.database, context.org_id, context.clock.now(), context.place.time_zone, VERSION
    )
