"""The ways to all work, and the page that leads to them."""

from typing import Final

from starlette.responses import Response

from pos_app.ledger.permission import Permission
from pos_app.reports.ask.question import kind_words
from pos_app.web.visit import Visit
from pos_app.web.way import Way
from pos_app.web.work import document_page
from pos_app.web.work.declaration import Page, WorkForm, WorkList
from pos_app.web.work.forms import FormPages
from pos_app.web.work.lists import ListPages
from pos_app.web.work.registry import FORMS, GROUPS, LISTS, SEES


def _look(visit: Visit) -> Response:
    """Only what this person may do or see."""
    sees_documents = visit.may(Permission.SEE_REPORTS)
    groups = [
        (
            group.words,
            [one for one in group.does if visit.may(*one.needs)],
            [one for one in group.lists if visit.may(*one.sees)],
            [(one, kind_words(one)) for one in group.kinds] if sees_documents else [],
        )
        for group in GROUPS
    ]
    return visit.page("work.html", groups=[one for one in groups if any(one[1:])])


def _offered(work: WorkList) -> list[WorkForm | Page]:
    """The forms and pages of the groups in which a list stands."""
    return [form for group in GROUPS if work in group.lists for form in group.does]


WAYS: Final[list[Way]] = [
    Way("/work", _look, needs=SEES),
    *(way for one in LISTS for way in ListPages(one, _offered(one)).ways()),
    *(way for one in FORMS for way in FormPages(one).ways()),
    *document_page.WAYS,
]
