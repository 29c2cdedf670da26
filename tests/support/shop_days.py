"""Which day it is in the shops of the tests: theirs begins three hours before the day of UTC."""

from datetime import date, datetime
from zoneinfo import ZoneInfo


def today() -> date:
    """The day in Nairobi, where the shops of the tests are unless one says otherwise."""
    return datetime.now(ZoneInfo("Africa/Nairobi")).date()
