"""Is this paper true?  A receipt or a Z is held against the books by what its QR says."""

from typing import Final

from starlette.responses import Response

from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.office import paper_checked
from pos_app.reports.ask.question import kind_words
from pos_app.web.visit import Visit
from pos_app.web.way import Way


def _look(visit: Visit) -> Response:
    told = visit.asked.query.get("paper").strip()
    error, found = None, None
    if told:
        try:
            found = paper_checked.checked(visit.office, told)
        except Refused as refused:
            error = refused
    return visit.page(
        "papers.html",
        status=200 if error is None else 422,
        error=error,
        told=told,
        found=found,
        kind="" if found is None else kind_words(found.kind),
    )


WAYS: Final = [Way("/papers", _look, needs=(Permission.SEE_REPORTS,))]
