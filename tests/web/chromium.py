"""Debian's Chromium at the back office: what it is, how large it stands, and how somebody signs in by it."""

import shutil
from typing import Any, Final

from tests.web.world import PASSWORD, PIN

CHROMIUM: Final = shutil.which("chromium")
LAPTOP: Final = {"width": 1366, "height": 768}
PHONE: Final = {"width": 390, "height": 844}


def signed_in(chromium: Any, served: str, **choices: Any) -> Any:
    """A page of the owner's, and what its console and its policy complain of."""
    context = chromium.new_context(viewport=LAPTOP, **choices)
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda said: said.type in ("error", "warning") and page.complaints.append(said.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.goto(f"{served}/sign-in")
    page.get_by_label("Your code").fill("OWNER")
    page.get_by_label("PIN").fill(PIN)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/office/today")
    return page
