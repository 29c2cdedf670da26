"""Which document holds which M-Pesa code: asked before one is taken, held by the document that carries it.

At a till the journal writes what its own documents hold and the feed brings what those of the others do, so
that a code of yesterday is refused at every till that was online since.

Decisions
---------
2026-11-29  A table of its own, not a search of the tenders: a till has its own tenders only, and a transfer
between our places carries a code too and has none.  Its key is the code, so that the database itself lets one
document hold it; who comes second at the centre is told (see `journal.double_codes`) and booked all the same.

2026-11-29  At the centre the codes of a batch are held before its documents are written, in the order of the
codes: of two batches with the same code the second waits for the first to commit, and both take these rows
before the balances, so that neither waits for the other.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC
from typing import Final, NamedTuple

from sqlalchemy import Connection, text

from pos_app.ledger.chart import AccountRole
from pos_app.ledger.document import Document, Reversal
from pos_app.ledger.head import split_key
from pos_app.ledger.mpesa_code import MoneyCode, alike, codes_of
from pos_app.ledger.numbering import printed_number
from pos_app.store.documents import documents
from pos_app.store.engine import privacy
from pos_app.store.engine.engine import quick
from pos_app.store.side import on_till
from pos_app.store.tables.used_code_table import FREE, USED


class Held(NamedTuple):
    """A code as the table has it, and what a second document with it is told by; `code` is closed.

    `as_typed` is the code in its own letters, closed too: what an older program kept.
    """

    document_id: int
    place: int
    code: str
    as_typed: str
    depot_id: int
    series: str
    number: int
    day: int
    of: MoneyCode
    business_id: int
    currency: str


class Holder(NamedTuple):
    """The document that holds a code, and its printed number."""

    document_id: int
    number: str


class Claims(NamedTuple):
    """The codes that some documents want to hold, and the documents that they void."""

    held: tuple[Held, ...] = ()
    voided: tuple[int, ...] = ()


_NOTHING: Final = Claims()


def claims_of(documents: Iterable[Document], private: privacy.Privacy) -> Claims:
    """What these documents change of the codes, in their order; mostly nothing."""
    held: list[Held] = []
    voided: list[int] = []
    for one in documents:
        if isinstance(one, Reversal):
            voided.append(one.original_id)
        held += [_held(one, code, private) for code in codes_of(one)]
    if not held and not voided:
        return _NOTHING
    # What is voided in the same breath holds nothing.
    return Claims(tuple([one for one in held if one.document_id not in voided]), tuple(voided))


def _held(document: Document, code: MoneyCode, private: privacy.Privacy) -> Held:
    def closed(plain: str) -> str:
        return private.encrypt_text(document.org_id, privacy.REFERENCE, plain)

    at = document.occurred_at.astimezone(UTC)
    return Held(
        document.document_id,
        code.place,
        closed(alike(code.code)),
        closed(code.code),
        document.depot_id,
        document.series,
        document.number,
        at.year * 10_000 + at.month * 100 + at.day,
        code,
        document.business_id,
        document.currency,
    )


# --- looking up -----------------------------------------------------------------------------------------

_FIND: Final = (
    "SELECT u.document_id, u.series, u.number, coalesce(d.letter, '') FROM used_code AS u"
    " LEFT JOIN depot AS d ON d.org_id = u.org_id AND d.depot_id = u.depot_id"
    f" WHERE u.org_id = :org AND u.code IN (:alike, :typed) AND u.state = '{USED}'"
    # A till hears of its own void by itself, before the feed can say so.
    f" AND {documents.not_voided('u')} ORDER BY u.document_id LIMIT 1"
)


def holder(connection: Connection, org_id: int, code: str) -> Holder | None:
    """Who holds a code, as documents keep it; None when it is free."""
    if not code:
        return None
    private = privacy.of(connection)
    row = connection.execute(
        text(_FIND),
        {
            "org": org_id,
            "alike": private.encrypt_text(org_id, privacy.REFERENCE, alike(code)),
            "typed": private.encrypt_text(org_id, privacy.REFERENCE, code),
        },
    ).one_or_none()
    if row is None:
        return None
    terminal_no, _ = split_key(int(row[0]))
    return Holder(int(row[0]), printed_number(row[3], terminal_no, row[1], int(row[2])))


# --- holding --------------------------------------------------------------------------------------------

_COLUMNS: Final = ("org_id", "code", "document_id", "place", "depot_id", "series", "number", "day", "state")
_CHANGES: Final = ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS[2:])
_HOLD_AT_TILL: Final = (
    f"INSERT INTO used_code ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' for _ in _COLUMNS)})"
    f" ON CONFLICT (org_id, code) DO UPDATE SET {_CHANGES}"
)
#: In the order in which they are given: that of the codes.
_HOLD_AT_CENTRE: Final = (
    f"INSERT INTO used_code ({', '.join(_COLUMNS)})"
    f" SELECT :org, o.*, '{USED}' FROM unnest(CAST(:codes AS text[]), CAST(:documents AS bigint[]),"
    " CAST(:places AS bigint[]), CAST(:depots AS bigint[]), CAST(:series AS text[]),"
    " CAST(:numbers AS bigint[]), CAST(:days AS bigint[])) AS o"
    f" ON CONFLICT (org_id, code) DO UPDATE SET {_CHANGES}"
    f" WHERE used_code.state = '{FREE}' OR used_code.document_id = excluded.document_id"
    " RETURNING document_id, place"
)


def hold(connection: Connection, org_id: int, claims: Claims) -> list[Held]:
    """Let documents hold their codes and free those of the voided, in the caller's transaction.

    Gives those whose code another document holds already: they hold nothing.
    """
    for document_id in sorted(claims.voided):
        quick(
            connection,
            f"UPDATE used_code SET state = '{FREE}' WHERE org_id = ? AND document_id = ?",
            org_id,
            document_id,
        )
    if not claims.held:
        return []
    wanted = _of_mpesa(connection, org_id, claims.held)
    if on_till(connection):
        # What another document holds the rules of the books have refused, in this transaction.
        for one in wanted:
            quick(connection, _HOLD_AT_TILL, *_row(org_id, one))
        return []
    firsts: dict[str, Held] = {}
    for one in wanted:
        firsts.setdefault(one.code, one)
    for code in _standing_as_typed(connection, org_id, firsts.values()):
        del firsts[code]
    mine = _hold_at_centre(connection, org_id, [firsts[code] for code in sorted(firsts)])
    return [one for one in wanted if (one.document_id, one.place) not in mine]


def _row(org_id: int, held: Held) -> tuple[int | str, ...]:
    place = (held.document_id, held.place, held.depot_id, held.series, held.number, held.day)
    return (org_id, held.code, *place, USED)


def _hold_at_centre(connection: Connection, org_id: int, held: Sequence[Held]) -> set[tuple[int, int]]:
    if not held:
        return set()
    rows = connection.execute(
        text(_HOLD_AT_CENTRE),
        {
            "org": org_id,
            "codes": [one.code for one in held],
            "documents": [one.document_id for one in held],
            "places": [one.place for one in held],
            "depots": [one.depot_id for one in held],
            "series": [one.series for one in held],
            "numbers": [one.number for one in held],
            "days": [one.day for one in held],
        },
    )
    return {(int(row[0]), int(row[1])) for row in rows}


def _standing_as_typed(connection: Connection, org_id: int, held: Iterable[Held]) -> set[str]:
    """The codes that another document holds in their own letters: it was booked by an older program."""
    otherwise = {one.as_typed: one for one in held if one.as_typed != one.code}
    if not otherwise:
        return set()
    rows = connection.execute(
        text(
            "SELECT code, document_id FROM used_code WHERE org_id = :org AND code = ANY (:codes)"
            f" AND state = '{USED}'"
        ),
        {"org": org_id, "codes": sorted(otherwise)},
    )
    return {otherwise[row[0]].code for row in rows if int(row[1]) != otherwise[row[0]].document_id}


# --- which references are codes -------------------------------------------------------------------------


def first_used(connection: Connection, document: Document) -> tuple[str, str] | None:
    """The first code of a document that another one holds, and the number of that one; None when there is
    none.
    """
    codes = codes_of(document)
    if not codes:
        return None
    known = _mpesa_accounts(connection, document.org_id, codes)
    for one in codes:
        if one.either and not known & set(one.either):
            continue
        found = holder(connection, document.org_id, one.code)
        if found is not None and found.document_id != document.document_id:
            return one.code, found.number
    return None


def carried(connection: Connection, org_id: int, claims: Claims) -> Sequence[Held]:
    """Those of the claims that are M-Pesa codes, and so are held."""
    return _of_mpesa(connection, org_id, claims.held)


def _of_mpesa(connection: Connection, org_id: int, held: Sequence[Held]) -> Sequence[Held]:
    """Those that are M-Pesa codes: a transfer between other places has the number of a slip."""
    known = _mpesa_accounts(connection, org_id, [one.of for one in held])
    return [one for one in held if not one.of.either or known & set(one.of.either)]


def _mpesa_accounts(connection: Connection, org_id: int, codes: Iterable[MoneyCode]) -> set[str]:
    """Which accounts of transfers are M-Pesa tills."""
    return {
        account
        for account in sorted({account for one in codes for account in one.either})
        if quick(
            connection,
            f"SELECT 1 FROM account WHERE org_id = ? AND code = ? AND role = '{AccountRole.MPESA.value}'",
            org_id,
            account,
        ).fetchone()
    }
