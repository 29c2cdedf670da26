"""The language and the look of the pages, for this browser: chosen on any page, kept in cookies."""

from typing import Final

from starlette.responses import Response

from pos_app.language import LANGUAGES
from pos_app.web.asked import LANGUAGE, THEME, THEMES
from pos_app.web.visit import Visit
from pos_app.web.way import Way

_YEAR_S: Final = 365 * 24 * 3600


def _choose(visit: Visit) -> Response:
    form = visit.asked.form
    if form.get("language") in LANGUAGES:
        visit.keep(LANGUAGE, form.get("language"), seconds=_YEAR_S)
    if form.get("theme") in THEMES:
        visit.keep(THEME, form.get("theme"), seconds=_YEAR_S)
    back = form.get("back").removeprefix(visit.asked.root)
    path, _, query = back.partition("?")
    is_ours = path.startswith("/") and not path.startswith(("//", "/\\")) and back.isprintable()
    return visit.lead(path, query) if is_ours else visit.go("/")


WAYS: Final = [Way("/preferences", _choose, "POST", is_open=True)]
