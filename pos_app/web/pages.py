"""The templates of the pages: every value escaped, a name that nobody gave is an error."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pos_app.language import web_count, web_text
from resources import resource


class Pages:
    """Drawn by many threads at once."""

    def __init__(self) -> None:
        self._made = Environment(
            loader=FileSystemLoader(resource("web", "pages"), encoding="utf-8"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._made.globals.update({"_": web_text, "counted": web_count})
        self._made.filters.update({"clock": clock, "day": day})

    def draw(self, name: str, values: Mapping[str, Any]) -> str:
        """A page with these values."""
        return self._made.get_template(name).render(values)


def clock(moment: datetime, zone: str = "UTC") -> str:
    """A moment on the clocks of the organisation: 2026-11-30 14:05."""
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


def day(moment: date) -> str:
    """A day: 2026-11-30."""
    return f"{moment:%Y-%m-%d}"
