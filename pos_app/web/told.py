"""What forms of work carry: the request that makes a form sent twice one document."""

import re
from typing import Final

from pos_app.ledger.request import new_request
from pos_app.web.asked import Form

_REQUEST: Final = re.compile(r"[0-9a-f]{32}")


def request_of(form: Form) -> str:
    """The request that a form carries; a fresh one where it carries none that could be."""
    told = form.get("request")
    return told if _REQUEST.fullmatch(told) else new_request()
