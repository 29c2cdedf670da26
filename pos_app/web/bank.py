"""A bank's statement in a browser: brought in as a file, and line by line what each is of."""

from collections.abc import Callable
from typing import Final

from starlette.responses import Response

from pos_app.ledger.currency import currency
from pos_app.ledger.day import to_date
from pos_app.ledger.errors import Refused, Unavailable
from pos_app.ledger.money import grouped_text
from pos_app.ledger.permission import Permission
from pos_app.office import bank_statements
from pos_app.office.bank_statements import OPEN, Kind
from pos_app.reports.ask.question import kind_words
from pos_app.web.visit import Visit
from pos_app.web.way import Way
from pos_app.web.work.bank import BRING, ONE, accounts, state_words

_SEES: Final = (Permission.SEE_REPORTS,)
_NEEDS: Final = (Permission.MOVE_MONEY,)
_BRING: Final = f"/{BRING.path}"
_ELSEWHERE: Final = ("person-may-not", "person-may-not-here", "bank-line-unknown")


# --- bringing in ------------------------------------------------------------------------------------------


def _bring(visit: Visit, error: Refused | Unavailable | None = None, brought: object = ()) -> Response:
    return visit.page(
        "bank_bring.html",
        status=200 if error is None else 422,
        error=error,
        brought=brought,
        accounts=accounts(visit.office),
    )


def _send(visit: Visit) -> Response:
    sent = visit.asked.sent
    try:
        if sent is None or not sent.name:
            raise Refused("upload-none")
        brought = bank_statements.bring_camt(visit.office, sent.path, sent.name)
    except (Refused, Unavailable) as error:
        if error.code in _ELSEWHERE:
            raise
        return _bring(visit, error)
    return _bring(visit, brought=brought)


# --- a line -----------------------------------------------------------------------------------------------


def _look(visit: Visit) -> Response:
    return _page(visit, visit.asked.query.get("line"))


def _page(visit: Visit, name: str, error: Refused | None = None) -> Response:
    seen = bank_statements.opened(visit.office, name)
    money = currency(seen.account.currency)
    return visit.page(
        "bank_line.html",
        status=200 if error is None else 422,
        error=error,
        seen=seen,
        line=seen.line,
        told=seen.line.told,
        name=seen.line.key.name,
        date=lambda day: to_date(day).isoformat(),
        state=state_words(seen.line.state),
        is_open=seen.line.state == OPEN,
        may_decide=visit.may(*_NEEDS),
        kinds=kind_words,
        kind=Kind,
        money=lambda amount: f"{grouped_text(amount, money)} {money.code}",
        documents=visit.asked.form.get("documents"),
        reason=visit.asked.form.get("reason"),
    )


def _deed(do: Callable[[Visit, str], object]) -> Callable[[Visit], Response]:
    """A form of a line's page: what it does, and back; what is refused stands on the page."""

    def handle(visit: Visit) -> Response:
        name = visit.asked.form.get("line")
        try:
            do(visit, name)
        except Refused as error:
            if error.code in _ELSEWHERE:
                raise
            return _page(visit, name, error)
        return visit.go(ONE, said="bank-said", line=name)

    return handle


def _accept(visit: Visit, name: str) -> object:
    form = visit.asked.form
    kind = form.get("kind")
    if kind not in set(Kind):
        raise Refused("decision-not-chosen")
    return bank_statements.accept(visit.office, name, Kind(kind), form.get("key")[:40])


def _match(visit: Visit, name: str) -> object:
    return bank_statements.match(visit.office, name, visit.asked.form.get("documents").split())


def _aside(visit: Visit, name: str) -> object:
    return bank_statements.set_aside(visit.office, name, visit.asked.form.get("reason"))


def _undo(visit: Visit, name: str) -> object:
    return bank_statements.undo(visit.office, name, visit.asked.form.get("reason"))


WAYS: Final = (
    Way(_BRING, _bring, needs=_NEEDS),
    Way(f"{_BRING}/send", _send, "POST", _NEEDS, takes_file=True),
    Way(ONE, _look, needs=_SEES),
    Way("/bank/accept", _deed(_accept), "POST", _NEEDS),
    Way("/bank/match", _deed(_match), "POST", _NEEDS),
    Way("/bank/aside", _deed(_aside), "POST", _NEEDS),
    Way("/bank/undo", _deed(_undo), "POST", _NEEDS),
)
