"""The centre's view of its terminals: how far each is taken, when it last spoke, which are taken away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection, text

from pos_app.ledger.document import SERVER_TERMINAL_NO


@dataclass(frozen=True)
class Seen:
    """One terminal; `mark` is the last sequence that was taken of it, `protocol` what it has spoken."""

    terminal_no: int
    depot: str
    drawer: str
    mark: int
    last_seen_at: datetime | None
    active: bool
    name: str = ""
    enrolled_at: datetime | None = None
    revoked_at: datetime | None = None
    revoked_by: int | None = None
    revoked_because: str = ""
    #: How many of its documents wait for a decision.
    waiting: int = 0
    #: When another home last spoke as this one.
    twice_at: datetime | None = None
    #: So many of those that were taken are older than its signatures.
    unsigned: int = 0
    protocol: int = 1
    #: Its own last sequence when it last greeted, and the version that it runs; what an older one never says.
    told_seq: int = 0
    program: str = ""

    @property
    def queue(self) -> int:
        """So many documents it had, when it last greeted, that were not taken until now."""
        return max(self.told_seq - self.mark, 0)


#: When a terminal last spoke: it greets once and then asks for news for hours, and the number of a request is
#: the microsecond at which it was signed (one of a later time than now says nothing).
_LAST_SPOKE: Final = (
    "greatest(t.last_seen_at, (SELECT to_timestamp(h.numbers[1] / 1000000) FROM heard_request AS h"
    " WHERE h.org_id = t.org_id AND h.terminal_no = t.terminal_no"
    " AND h.numbers[1] <= (extract(epoch FROM now()) * 1000000)::bigint))"
)


def all_terminals(connection: Connection, org_id: int) -> list[Seen]:
    """Every terminal of an organisation, by number."""
    rows = connection.execute(
        text(
            f"SELECT t.terminal_no, d.code, coalesce(w.code, ''), t.last_seq, {_LAST_SPOKE}, t.active,"
            " t.name, t.enrolled_at, t.revoked_at, t.revoked_by, t.revoked_because,"
            " (SELECT count(*) FROM quarantine AS q WHERE q.org_id = t.org_id"
            "   AND q.terminal_no = t.terminal_no AND q.decided_at IS NULL), t.twice_at,"
            " coalesce((SELECT min(k.from_seq) - 1 FROM terminal_key AS k"
            " WHERE k.org_id = t.org_id AND k.terminal_no = t.terminal_no), t.last_seq), t.protocol,"
            " t.told_seq, t.program"
            " FROM terminal AS t JOIN depot AS d ON d.org_id = t.org_id AND d.depot_id = t.depot_id"
            " LEFT JOIN drawer AS w ON w.org_id = t.org_id AND w.drawer_id = t.drawer_id"
            " WHERE t.org_id = :org ORDER BY t.terminal_no"
        ),
        {"org": org_id},
    )
    return [Seen(int(row[0]), row[1], row[2], int(row[3]), row[4], bool(row[5]), *row[6:]) for row in rows]


def tills(connection: Connection, org_id: int) -> list[Seen]:
    """Every till of an organisation, by number; the centre, which numbers documents too, is none."""
    return [one for one in all_terminals(connection, org_id) if one.terminal_no < SERVER_TERMINAL_NO]


def revoke(
    connection: Connection, org_id: int, terminal_no: int, *, by: int, because: str, at: datetime
) -> bool:
    """Take a terminal away, for ever; false when it was already, or when there is none.

    What it still sends waits in quarantine for two people; it hears nothing of ours any more.
    """
    done = connection.execute(
        text(
            "UPDATE terminal SET active = 0, revoked_at = :at, revoked_by = :by, revoked_because = :because"
            " WHERE org_id = :org AND terminal_no = :terminal AND active = 1"
        ),
        {"org": org_id, "terminal": terminal_no, "by": by, "because": because, "at": at},
    )
    return done.rowcount == 1


class Started(NamedTuple):
    """A start of a terminal's daemon: its number, its token, the tokens since the last it knows we heard."""

    number: int
    token: str
    since: Sequence[str]


def started(connection: Connection, org_id: int, terminal_no: int, start: Started, now: datetime) -> bool:
    """Note which start of a terminal speaks; gives, and notes, whether another home spoke as it before."""
    known = connection.execute(
        text("SELECT start FROM terminal WHERE org_id = :org AND terminal_no = :terminal"),
        {"org": org_id, "terminal": terminal_no},
    ).scalar_one()
    if known == start.token:
        return False
    twice = bool(known) and known not in start.since
    connection.execute(
        text(
            "UPDATE terminal SET starts = :number, start = :token, twice_at = coalesce(:twice, twice_at)"
            " WHERE org_id = :org AND terminal_no = :terminal"
        ),
        {
            "org": org_id,
            "terminal": terminal_no,
            "number": start.number,
            "token": start.token,
            "twice": now if twice else None,
        },
    )
    return twice


def rename(connection: Connection, org_id: int, terminal_no: int, name: str) -> None:
    """What people call a terminal from now on."""
    connection.execute(
        text("UPDATE terminal SET name = :name WHERE org_id = :org AND terminal_no = :terminal"),
        {"org": org_id, "terminal": terminal_no, "name": name},
    )


def below_protocol(connection: Connection, org_id: int, protocol: int) -> list[int]:
    """Tills in use that were heard, and never in this protocol."""
    rows = connection.execute(
        text(
            "SELECT terminal_no FROM terminal WHERE org_id = :org AND terminal_no < :server AND active = 1"
            " AND last_seen_at IS NOT NULL AND protocol < :protocol ORDER BY terminal_no"
        ),
        {"org": org_id, "server": SERVER_TERMINAL_NO, "protocol": protocol},
    )
    return [int(row.terminal_no) for row in rows]


def document_count(connection: Connection, org_id: int) -> int:
    """How many documents are in the books."""
    return int(
        connection.execute(
            text("SELECT count(*) FROM document WHERE org_id = :org"), {"org": org_id}
        ).scalar_one()
    )
