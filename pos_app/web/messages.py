"""Messages to customers in a browser: what waits, went or did not; one more try; a receipt that is sent."""

from typing import Final

from starlette.responses import Response

from pos_app.language import said, web_text
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.office import messages
from pos_app.web.visit import Visit
from pos_app.web.way import Way

PATH: Final = "/messages"
_MAY: Final = (Permission.OPERATE,)
_SENDS: Final = (Permission.INVOICE,)
_PAGE: Final = 100
_MOST_DIGITS: Final = 19


def _list(visit: Visit, error: Refused | None = None) -> Response:
    state = visit.asked.query.get("state")
    state = state if state in messages.STATES else ""
    return visit.page(
        "messages.html",
        status=200 if error is None else 422,
        error=error,
        told=messages.listed(visit.office, state=state, most=_PAGE),
        state=state,
        states=[(each, _called(each)) for each in messages.STATES],
        called=_called,
        purposes={"ready": web_text("It is ready"), "receipt": web_text("Receipt")},
        why=lambda code: said(code).spoken,
        number=visit.asked.form.get("number"),
        zone=visit.office.organisation.time_zone,
    )


def _called(state: str) -> str:
    return {
        "waiting": web_text("waiting"),
        "sending": web_text("on its way"),
        "sent": web_text("sent"),
        "failed": web_text("not sent"),
    }[state]


def _again(visit: Visit) -> Response:
    key, purpose = visit.asked.form.get("key"), visit.asked.form.get("purpose")
    try:
        if not (key.isascii() and key.isdecimal() and len(key) < _MOST_DIGITS):
            raise Refused("message-not-failed")
        messages.again(visit.office, int(key), purpose[:20])
    except Refused as error:
        return _list(visit, error)
    return visit.go(PATH, said="webhook-sent")


def _receipt(visit: Visit) -> Response:
    try:
        messages.receipt(visit.office, visit.asked.form.get("number"))
    except Refused as error:
        return _list(visit, error)
    return visit.go(PATH, said="webhook-sent")


WAYS: Final = (
    Way(PATH, _list, needs=_MAY),
    Way(f"{PATH}/again", _again, "POST", _MAY),
    Way(f"{PATH}/receipt", _receipt, "POST", _SENDS),
)
