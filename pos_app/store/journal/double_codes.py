"""M-Pesa codes that came twice: the second document, what it says it was paid, and what became of that.

Decisions
---------
2026-11-29  Two tills that were offline each took a message. The second document is booked as it was
recorded: the goods are gone, a receipt was given, and a book without them would be wrong in stock, tax and
drawer. Its money stands on the M-Pesa account that its till named, and this list says by how much that
account may be too high. Two people look at the statement of that account: the money came (a code was
misread; both are right), or it is missing, and then the document is named that took it off the account
again.

2026-11-29  Who is first is who reaches the centre first; nobody can tell which of two tills was shown the
message by its owner.  When the first is voided the second holds the code, and there is nothing to decide.

2026-11-29  It stands among the flags as well (`ledger.flagging`), so that one list, one number and one alert
have all that is odd; but looking at it is not enough, and only what two people decide here settles the flag.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, text

from pos_app.ledger.flagging import CODE_TWICE, Found
from pos_app.ledger.head import split_key
from pos_app.ledger.mpesa_code import codes_of
from pos_app.ledger.numbering import printed_number
from pos_app.log import events
from pos_app.store.documents import documents
from pos_app.store.documents.used_codes import Held
from pos_app.store.journal import flags
from pos_app.store.tables.used_code_table import USED

CAME: Final = "came"
MISSING: Final = "missing"


@dataclass(frozen=True)
class DoubleCode:
    """A code that came twice: the second document and the first, by key and printed number.

    `amount` in minor units of `currency`, on `account_code` of `business_id`.  `decision` is empty while it
    waits for two people.
    """

    document_id: int
    place: int
    number: str
    code: str
    other_id: int
    other_number: str
    business_id: int
    depot_id: int
    account_code: str
    amount: int
    currency: str
    found_at: datetime
    decision: str = ""
    decision_reason: str = ""
    decided_at: datetime | None = None
    decided_by: int | None = None
    decided_with: int | None = None
    booked_id: int | None = None


def put(connection: Connection, org_id: int, second: Sequence[Held]) -> None:
    """Keep the documents that came second with their codes, in the transaction that books them."""
    for one in second:
        others = connection.scalars(
            text(
                "INSERT INTO double_code (org_id, document_id, place, code, other_id, business_id,"
                " account_code, amount, currency, found_at) SELECT :org, :document, :place, u.code,"
                " u.document_id, :business, :account, :amount, :currency, now() FROM used_code AS u"
                f" WHERE u.org_id = :org AND u.code IN (:alike, :typed) AND u.state = '{USED}'"
                " ORDER BY u.document_id LIMIT 1 ON CONFLICT (org_id, document_id, place) DO NOTHING"
                " RETURNING other_id"
            ),
            {
                "org": org_id,
                "document": one.document_id,
                "place": one.place,
                "alike": one.code,
                "typed": one.as_typed,
                "business": one.business_id,
                "account": one.of.account,
                "amount": one.of.amount,
                "currency": one.currency,
            },
        ).all()
        told = [{"other": "/".join(map(str, split_key(int(other))))} for other in others]
        flags.put(
            connection, org_id, [Found(one.document_id, CODE_TWICE, facts, one.place + 1) for facts in told]
        )
        terminal_no, sequence = split_key(one.document_id)
        events.CODE_TWICE.log(org_id=org_id, terminal_no=terminal_no, sequence=sequence)


def pass_on(connection: Connection, org_id: int, voided: Sequence[int]) -> None:
    """Let the second document hold the code of one that is voided now."""
    for document_id in sorted(voided):
        connection.execute(
            text(
                f"UPDATE used_code AS u SET document_id = s.document_id, place = s.place, state = '{USED}',"
                " depot_id = d.depot_id, series = d.series, number = d.number"
                " FROM (SELECT DISTINCT ON (c.code) c.code, c.document_id, c.place FROM double_code AS c"
                " WHERE c.org_id = :org AND c.other_id = :voided AND"
                f" {documents.not_voided('c')} ORDER BY c.code, c.document_id) AS s"
                " JOIN document AS d ON d.org_id = :org AND d.document_id = s.document_id"
                " WHERE u.org_id = :org AND u.document_id = :voided AND u.code = s.code"
            ),
            {"org": org_id, "voided": document_id},
        )


# --- reading and deciding -------------------------------------------------------------------------------

_READ: Final = (
    "SELECT c.*, s.depot_id, s.series, s.number, o.series AS other_series, o.number AS other_no,"
    " coalesce(sd.letter, '') AS letter, coalesce(od.letter, '') AS other_letter FROM double_code AS c"
    " JOIN document AS s ON s.org_id = c.org_id AND s.document_id = c.document_id"
    " JOIN document AS o ON o.org_id = c.org_id AND o.document_id = c.other_id"
    " LEFT JOIN depot AS sd ON sd.org_id = s.org_id AND sd.depot_id = s.depot_id"
    " LEFT JOIN depot AS od ON od.org_id = o.org_id AND od.depot_id = o.depot_id"
    " WHERE c.org_id = :org"
)
#: Where one of the two is voided there is nothing left to decide.
_WAITS: Final = f" AND c.decided_at IS NULL AND {documents.not_voided('s')} AND {documents.not_voided('o')}"
_ORDER: Final = " ORDER BY c.found_at, c.document_id, c.place"


def waiting(connection: Connection, org_id: int) -> list[DoubleCode]:
    """What waits for two people, oldest first."""
    return _read(connection, org_id, _WAITS)


def everything(connection: Connection, org_id: int) -> list[DoubleCode]:
    """All that ever came twice, oldest first."""
    return _read(connection, org_id, "")


def count(connection: Connection, org_id: int) -> int:
    """How many wait."""
    return int(
        connection.execute(
            text(
                "SELECT count(*) FROM double_code AS c WHERE c.org_id = :org AND c.decided_at IS NULL"
                f" AND {documents.not_voided('c')} AND NOT EXISTS (SELECT 1 FROM document AS r"
                " WHERE r.org_id = c.org_id AND r.reverses_id = c.other_id)"
            ),
            {"org": org_id},
        ).scalar_one()
    )


def decide(
    connection: Connection,
    org_id: int,
    twice: DoubleCode,
    decision: str,
    *,
    reason: str,
    by: int,
    with_: int,
    at: datetime,
    booked_id: int | None,
) -> bool:
    """Write a decision beside it; false when somebody else decided meanwhile."""
    done = connection.execute(
        text(
            "UPDATE double_code SET decided_at = :at, decision = :decision, decision_reason = :reason,"
            " decided_by = :by, decided_with = :with, booked_id = :booked WHERE org_id = :org"
            " AND document_id = :document AND place = :place AND decided_at IS NULL"
        ),
        {
            "org": org_id,
            "document": twice.document_id,
            "place": twice.place,
            "at": at,
            "decision": decision,
            "reason": reason,
            "by": by,
            "with": with_,
            "booked": booked_id,
        },
    )
    return done.rowcount == 1


def _read(connection: Connection, org_id: int, where: str) -> list[DoubleCode]:
    rows = connection.execute(text(_READ + where + _ORDER), {"org": org_id}).all()
    return [_double(connection, org_id, row) for row in rows]


def _double(connection: Connection, org_id: int, row: Any) -> DoubleCode:
    # In the letters in which it stands on the statement, not in those by which codes are compared.
    document = documents.get(connection, org_id, int(row.document_id))
    codes = {} if document is None else {one.place: one.code for one in codes_of(document)}
    return DoubleCode(
        document_id=int(row.document_id),
        place=int(row.place),
        number=printed_number(row.letter, split_key(row.document_id)[0], row.series, row.number),
        code=codes.get(int(row.place), ""),
        other_id=int(row.other_id),
        other_number=printed_number(
            row.other_letter, split_key(row.other_id)[0], row.other_series, row.other_no
        ),
        business_id=int(row.business_id),
        depot_id=int(row.depot_id),
        account_code=row.account_code,
        amount=int(row.amount),
        currency=row.currency,
        found_at=row.found_at,
        decision=row.decision,
        decision_reason=row.decision_reason,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
        decided_with=row.decided_with,
        booked_id=row.booked_id,
    )
