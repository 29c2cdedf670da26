"""What a product costs somebody, somewhere, at some moment, explained step by step."""

from typing import Final

from starlette.responses import Response

from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.office import price_explained
from pos_app.office.masters import choices
from pos_app.office.moments import moment_shown
from pos_app.office.price_explained import Asked
from pos_app.web.visit import Visit
from pos_app.web.way import Way


def _look(visit: Visit) -> Response:
    query = visit.asked.query
    names = ("customer", "depot", "quantity", "at")
    asked = Asked(query.get("code").strip(), *(query.get(name).strip() for name in names))
    error, found = None, None
    if asked.sku:
        try:
            found = price_explained.at_office(visit.office, asked)
        except Refused as refused:
            error = refused
    zone = visit.office.organisation.time_zone
    return visit.page(
        "prices.html",
        status=200 if error is None else 422,
        error=error,
        asked=asked,
        found=found,
        at="" if found is None else moment_shown(found.at_us, zone),
        currency=visit.office.organisation.currency.code,
        depots=choices.of_depots(visit.office),
    )


WAYS: Final = [Way("/prices", _look, needs=(Permission.SEE_REPORTS,))]
