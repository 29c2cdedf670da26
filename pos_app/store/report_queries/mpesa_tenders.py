"""M-Pesa money as documents took it and paid it out, code by code."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection

from pos_app.store.engine import privacy
from pos_app.store.report_queries.scope import JOIN_DOCUMENT, JOIN_REVERSED, KIND, Scope, moment, run


class MpesaTender(NamedTuple):
    """A tender by M-Pesa: minor units of `currency`, below nothing where it was paid out or is taken back.

    `stands` unless its document is voided or a void.
    """

    account_code: str
    currency: str
    amount: int
    code: str
    document_id: int
    occurred_at: datetime
    kind: str
    is_void: bool
    stands: bool
    number_prefix: str
    terminal_no: int
    series: str
    number: int
    party_id: int | None


def tenders(connection: Connection, scope: Scope) -> list[MpesaTender]:
    """Those within the scope, in the order in which they happened; of a business, those on its accounts."""
    own = (
        " AND l.account_code IN (SELECT code FROM account WHERE org_id = :org AND business_id = :business)"
        if scope.business_id is not None
        else ""
    )
    rows = run(
        connection,
        "SELECT l.account_code, coalesce(l.paid_currency, d.currency), coalesce(l.paid, l.amount),"
        f" l.reference, d.document_id, d.occurred_at, {KIND}, d.reverses_id IS NOT NULL,"
        " EXISTS (SELECT 1 FROM document AS r WHERE r.org_id = d.org_id AND r.reverses_id = d.document_id),"
        " coalesce(p.letter, ''), d.terminal_no, d.series, d.number, d.party_id"
        f" FROM tender AS l{JOIN_DOCUMENT}{JOIN_REVERSED}"
        " LEFT JOIN depot AS p ON p.org_id = d.org_id AND p.depot_id = d.depot_id"
        f" WHERE {scope.lines(business=False)} AND l.kind = 'mpesa'{own}"
        " ORDER BY d.occurred_at, d.document_id, l.tender_no",
        scope.bound(connection),
    )
    private = privacy.of(connection)

    def opened(closed: str) -> str:
        return private.decrypt_text(scope.org_id, privacy.REFERENCE, closed) if closed else ""

    return [_tender(row, opened(str(row[3]))) for row in rows]


def _tender(row: tuple[Any, ...], code: str) -> MpesaTender:
    is_void = bool(row[7])
    return MpesaTender(
        str(row[0]),
        str(row[1]),
        int(row[2]),
        code,
        int(row[4]),
        moment(row[5]),
        str(row[6]),
        is_void,
        not (is_void or row[8]),
        str(row[9]),
        int(row[10]),
        str(row[11]),
        int(row[12]),
        None if row[13] is None else int(row[13]),
    )


class PaidTo(NamedTuple):
    """The M-Pesa numbers of the business whose account it is; empty where it has none."""

    business_code: str
    business: str
    till: str
    paybill: str


def numbers(connection: Connection, org_id: int) -> dict[str, PaidTo]:
    """By account: whose it is, and the numbers to which customers pay."""
    rows = run(
        connection,
        "SELECT a.code, b.code, b.name, b.mpesa_till, b.mpesa_paybill FROM account AS a JOIN business AS b"
        " ON b.org_id = a.org_id AND b.business_id = a.business_id WHERE a.org_id = :org",
        {"org": org_id},
    )
    return {str(row[0]): PaidTo(*(str(one) for one in row[1:])) for row in rows}
