"""What tills asked for as the centre keeps it, and the answers that travel back (`ledger.asking`)."""

from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, text

from pos_app.language import Sentence
from pos_app.ledger import payment_asking
from pos_app.ledger.asking import Request, State
from pos_app.store.engine import privacy
from pos_app.store.master import master_edit
from pos_app.store.master.asked_here import kept_sentence, sentence_of, state_of
from pos_app.store.tables import master
from pos_app.store.tables.columns import from_micros, micros

_COLUMNS: Final = "i.terminal_no, i.request_no, i.kind, i.person_id, i.at_us, i.body, i.signature"
_WITH_ANSWER: Final = (
    " FROM request_in AS i LEFT JOIN request_answer AS a ON a.org_id = i.org_id"
    " AND a.terminal_no = i.terminal_no AND a.request_no = i.request_no WHERE i.org_id = :org"
)


class Kept(NamedTuple):
    """A request with what became of it; `state` None is not looked at yet."""

    request: Request
    state: State | None
    code: str
    said: Sentence | None
    answered_at: datetime | None


def put(connection: Connection, org_id: int, request: Request, now: datetime) -> bool:
    """Keep a request; gives whether it is new.  What came first under a number stays."""
    written = connection.execute(
        text(
            "INSERT INTO request_in (org_id, terminal_no, request_no, kind, person_id, at_us, body,"
            " signature, received_at) VALUES (:org, :terminal_no, :request_no, :kind, :person_id, :at_us,"
            " :closed, :signature, :now) ON CONFLICT DO NOTHING"
        ),
        {
            **request._asdict(),
            "org": org_id,
            "now": now,
            "closed": privacy.of(connection).encrypt_text(org_id, privacy.REQUEST, request.body),
        },
    )
    return bool(written.rowcount)


def answer(
    connection: Connection,
    org_id: int,
    request: Request,
    state: State,
    now: datetime,
    *,
    code: str = "",
    said: Sentence | None = None,
    by: int = 0,
) -> None:
    """Say what became of a request, in the caller's transaction; the feed brings it to its till."""
    master_edit.put(
        connection,
        master.request_answer,
        org_id,
        terminal_no=request.terminal_no,
        request_no=request.request_no,
        state=state.value,
        code=code,
        said="" if said is None else kept_sentence(said),
        decided_by=by,
        at_us=micros(now),
    )


def open_count(connection: Connection, org_id: int, terminal_no: int) -> int:
    """How many of a terminal nobody has decided about."""
    rows = connection.execute(
        text(
            f"SELECT count(*){_WITH_ANSWER} AND i.terminal_no = :terminal"
            " AND coalesce(a.state, 'waiting') = 'waiting'"
        ),
        {"org": org_id, "terminal": terminal_no},
    )
    return int(rows.scalar_one())


def undecided(connection: Connection, org_id: int) -> list[Request]:
    """What nobody looked at yet, in the order in which it was asked."""
    rows = connection.execute(
        text(
            f"SELECT {_COLUMNS}{_WITH_ANSWER} AND a.state IS NULL"
            " ORDER BY i.at_us, i.terminal_no, i.request_no"
        ),
        {"org": org_id},
    )
    return [_request(connection, org_id, row) for row in rows]


def listed(connection: Connection, org_id: int, *, everything: bool, most: int = 500) -> list[Kept]:
    """What waits for a person, or all of it, the newest first; nobody decides what phones are asked."""
    which = "" if everything else " AND coalesce(a.state, 'waiting') = 'waiting'"
    rows = connection.execute(
        text(
            f"SELECT {_COLUMNS}, a.state, a.code, a.said, a.at_us{_WITH_ANSWER}{which}"
            f" AND i.kind <> '{payment_asking.KIND}'"
            " ORDER BY i.at_us DESC, i.terminal_no, i.request_no LIMIT :most"
        ),
        {"org": org_id, "most": most},
    )
    return [_kept(connection, org_id, row) for row in rows]


def find(connection: Connection, org_id: int, terminal_no: int, request_no: int) -> Kept | None:
    """One request."""
    row = connection.execute(
        text(
            f"SELECT {_COLUMNS}, a.state, a.code, a.said, a.at_us{_WITH_ANSWER}"
            " AND i.terminal_no = :terminal AND i.request_no = :no"
        ),
        {"org": org_id, "terminal": terminal_no, "no": request_no},
    ).one_or_none()
    return None if row is None else _kept(connection, org_id, row)


def _kept(connection: Connection, org_id: int, row: Any) -> Kept:
    state, code, said, at_us = row[7:]
    return Kept(
        _request(connection, org_id, row),
        None if state is None else state_of(state),
        code or "",
        sentence_of(said or ""),
        None if at_us is None else from_micros(at_us),
    )


def _request(connection: Connection, org_id: int, row: Any) -> Request:
    body = privacy.of(connection).decrypt_text(org_id, privacy.REQUEST, row[5])
    return Request(int(row[0]), int(row[1]), row[2], int(row[3]), int(row[4]), body, bytes(row[6]))
