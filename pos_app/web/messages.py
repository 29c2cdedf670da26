"""Messages to customers in a browser: what waits, went or did not; one more try; a receipt that is sent."""

from typing import Final

from starlette.responses import Response

from pos_app.language import said, web_text, web_words
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.office import messages
from pos_app.office.office import Office
from pos_app.reports.model.period import zone_of
from pos_app.web.masters.declaration import Field, Kind
from pos_app.web.visit import Visit
from pos_app.web.way import Way
from pos_app.web.work.declaration import Heading, Line, Sought, WorkList
from pos_app.web.work.lists import ListPages

PATH: Final = "/messages"
_MAY: Final = (Permission.OPERATE,)
_SENDS: Final = (Permission.INVOICE,)
#: The place of the column of moments: sorted by it, the oldest come first.
_WHEN: Final = 3
_MOST_DIGITS: Final = 19


def _read(office: Office, sought: Sought) -> list[Line]:
    zone = zone_of(office.organisation.time_zone)
    purposes = {"ready": web_text("It is ready"), "receipt": web_text("Receipt")}
    found = messages.listed(
        office,
        state=sought.get("state"),
        most=sought.most,
        after=sought.after,
        oldest_first=sought.sort == _WHEN,
    )
    return [
        Line(
            (
                one.number,
                purposes[one.message.purpose],
                f"{one.message.made_at.astimezone(zone):%Y-%m-%d %H:%M}",
                _called(one.message.state),
                said(one.message.error).spoken if one.message.error else "",
            ),
            None,
            messages.mark(one),
            of=one.message,
        )
        for one in found
    ]


MESSAGES: Final = WorkList(
    path=PATH.removeprefix("/"),
    words=web_words("Messages to customers"),
    hint="",
    sees=_MAY,
    headings=(
        Heading(web_words("Document")),
        Heading(web_words("What it says")),
        Heading(web_words("When"), sorts=True),
        Heading(web_words("State")),
        Heading(web_words("Why not")),
    ),
    filters=(
        Field(
            "state",
            web_words("State"),
            Kind.CHOICE,
            choices=lambda _office: [(each, _called(each)) for each in messages.STATES],
            codes=("message-state-unknown",),
        ),
    ),
    read=_read,
)


def _called(state: str) -> str:
    return {
        "waiting": web_text("waiting"),
        "sending": web_text("on its way"),
        "sent": web_text("sent"),
        "failed": web_text("not sent"),
    }[state]


_LIST: Final = ListPages(
    MESSAGES, page="messages.html", beside=lambda visit: {"number": visit.asked.form.get("number")}
)


def _again(visit: Visit) -> Response:
    key, purpose = visit.asked.form.get("key"), visit.asked.form.get("purpose")
    try:
        if not (key.isascii() and key.isdecimal() and len(key) < _MOST_DIGITS):
            raise Refused("message-not-failed")
        messages.again(visit.office, int(key), purpose[:20])
    except Refused as error:
        return _LIST.drawn(visit, error)
    return visit.go(PATH, said="webhook-sent")


def _receipt(visit: Visit) -> Response:
    try:
        messages.receipt(visit.office, visit.asked.form.get("number"))
    except Refused as error:
        return _LIST.drawn(visit, error)
    return visit.go(PATH, said="webhook-sent")


WAYS: Final = (
    *_LIST.ways(),
    Way(f"{PATH}/again", _again, "POST", _MAY),
    Way(f"{PATH}/receipt", _receipt, "POST", _SENDS),
)
