"""What documents did to an account at a bank: what no line of a statement stands by, and what one does."""

from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, bindparam, text

from pos_app.ledger.day import day_of
from pos_app.ledger.head import split_key
from pos_app.ledger.numbering import printed_number
from pos_app.payments.bank_statement import Claim, Movement
from pos_app.store.documents import documents
from pos_app.store.engine import privacy
from pos_app.store.payments.bank_lines import Account, Key
from pos_app.store.tables.bank_tables import STANDS
from pos_app.store.tables.columns import moment_of

#: In another currency than the account's it is what stands in the books' own.
_SUM: Final = "sum(CASE WHEN l.currency = :currency THEN l.amount ELSE l.base_amount END)"
_MOVED: Final = (
    f"SELECT d.document_id, coalesce(p.letter, ''), d.series, d.number, d.kind, d.occurred_at, {_SUM},"
    " coalesce(c.name, ''), (SELECT string_agg(t.reference, '|') FROM tender AS t WHERE t.org_id = d.org_id"
    " AND t.document_id = d.document_id AND t.account_code = :account AND t.reference <> '')"
    " FROM journal_line AS l JOIN document AS d ON d.org_id = l.org_id AND d.document_id = l.document_id"
    " LEFT JOIN depot AS p ON p.org_id = d.org_id AND p.depot_id = d.depot_id"
    " LEFT JOIN party AS c ON c.org_id = d.org_id AND c.party_id = d.party_id"
    " WHERE l.org_id = :org AND l.account_code = :account"
)
_GROUPED: Final = (
    " GROUP BY d.org_id, d.document_id, p.letter, d.series, d.number, d.kind, d.occurred_at, c.name"
)
#: So many documents are looked at for one question.
_MOST: Final = 20_000
_STANDS_BY: Final = (
    "EXISTS (SELECT 1 FROM bank_match AS m WHERE m.org_id = d.org_id AND m.account_code = :account"
    f" AND m.document_id = d.document_id AND m.state = '{STANDS}'"
)


class Wanted(NamedTuple):
    """What documents did from a moment until before another, of just these amounts."""

    since: datetime
    until: datetime
    amounts: frozenset[int]


def unmatched(
    connection: Connection, org_id: int, account: Account, wanted: Wanted, zone: str
) -> list[Movement]:
    """What documents did, as far as no line stands by it; a document that was voided did nothing."""
    if not wanted.amounts:
        return []
    rows = connection.execute(
        text(
            f"{_MOVED} AND l.year BETWEEN :first_year AND :last_year"
            " AND d.occurred_at >= :since AND d.occurred_at < :until AND d.reverses_id IS NULL"
            " AND NOT EXISTS (SELECT 1 FROM document AS r WHERE r.org_id = d.org_id"
            f" AND r.reverses_id = d.document_id) AND NOT {_STANDS_BY}){_GROUPED} HAVING {_SUM} IN :amounts"
            " ORDER BY d.occurred_at, d.document_id LIMIT :most"
        ).bindparams(bindparam("amounts", expanding=True)),
        {
            "org": org_id,
            "account": account.code,
            "currency": account.currency,
            "since": wanted.since.astimezone(UTC),
            "until": wanted.until.astimezone(UTC),
            "first_year": wanted.since.astimezone(UTC).year,
            "last_year": wanted.until.astimezone(UTC).year,
            "amounts": sorted(wanted.amounts),
            "most": _MOST,
        },
    )
    return [_named(connection, org_id, _movement(connection, org_id, row, zone)) for row in rows]


def _named(connection: Connection, org_id: int, moved: Movement) -> Movement:
    """With what its paper is called elsewhere, where it has no tender that says so (a transfer, say)."""
    if moved.references:
        return moved
    document = documents.get(connection, org_id, moved.document_id)
    reference = getattr(document, "reference", "")
    return moved._replace(references=(reference,)) if reference else moved


def of_line(connection: Connection, org_id: int, account: Account, key: Key, zone: str) -> list[Movement]:
    """The documents that stand by a line."""
    rows = connection.execute(
        text(
            f"{_MOVED} AND {_STANDS_BY} AND m.day = :day AND m.amount = :amount"
            f" AND m.occurrence = :occurrence){_GROUPED} ORDER BY d.occurred_at, d.document_id"
        ),
        {
            "org": org_id,
            "currency": account.currency,
            "account": key.account,
            "day": key.day,
            "amount": key.amount,
            "occurrence": key.occurrence,
        },
    )
    return [_movement(connection, org_id, row, zone) for row in rows]


def of_document(connection: Connection, org_id: int, account: Account, document_id: int) -> int:
    """What a document did to an account; nothing where it is voided, or a void."""
    rows = connection.execute(
        text(
            f"SELECT coalesce({_SUM}, 0) FROM journal_line AS l JOIN document AS d ON d.org_id = l.org_id"
            " AND d.document_id = l.document_id WHERE l.org_id = :org AND l.account_code = :account"
            " AND d.document_id = :document AND d.reverses_id IS NULL AND NOT EXISTS (SELECT 1 FROM document"
            " AS r WHERE r.org_id = d.org_id AND r.reverses_id = d.document_id)"
        ),
        {
            "org": org_id,
            "account": account.code,
            "currency": account.currency,
            "document": document_id,
        },
    )
    return int(rows.scalar_one())


def balance(connection: Connection, org_id: int, account: Account, until: datetime) -> int:
    """What the books say that an account holds before a moment."""
    rows = connection.execute(
        text(
            f"SELECT coalesce({_SUM}, 0) FROM journal_line AS l JOIN document AS d ON d.org_id = l.org_id"
            " AND d.document_id = l.document_id WHERE l.org_id = :org AND l.account_code = :account"
            " AND d.occurred_at < :until"
        ),
        {
            "org": org_id,
            "account": account.code,
            "currency": account.currency,
            "until": until.astimezone(UTC),
        },
    )
    return int(rows.scalar_one())


def claims(connection: Connection, org_id: int, currency: str, least: int) -> list[Claim]:
    """Invoices of which a customer still owes so much or more, in a currency, what is due first first."""
    rows = connection.execute(
        text(
            "SELECT i.invoice_id, coalesce(p.letter, ''), d.series, d.number, c.code, c.name, sum(i.amount)"
            " FROM open_invoice AS i"
            " JOIN document AS d ON d.org_id = i.org_id AND d.document_id = i.invoice_id"
            " LEFT JOIN depot AS p ON p.org_id = d.org_id AND p.depot_id = d.depot_id"
            " JOIN party AS c ON c.org_id = i.org_id AND c.party_id = i.party_id"
            " WHERE i.org_id = :org AND i.party_role = 'customer' AND i.currency = :currency AND i.amount > 0"
            " GROUP BY i.invoice_id, p.letter, d.series, d.number, c.code, c.name"
            " HAVING sum(i.amount) >= :least ORDER BY min(i.due_on), i.invoice_id LIMIT :most"
        ),
        {"org": org_id, "currency": currency, "least": least, "most": _MOST},
    )
    return [
        Claim(
            int(row[0]),
            printed_number(row[1], split_key(int(row[0]))[0], row[2], int(row[3])),
            str(row[4]),
            str(row[5]),
            int(row[6]),
        )
        for row in rows
    ]


def _movement(connection: Connection, org_id: int, row: Any, zone: str) -> Movement:
    private = privacy.of(connection)
    closed = (row[8] or "").split("|") if row[8] else []
    references = tuple(private.decrypt_text(org_id, privacy.REFERENCE, one) for one in closed)
    return Movement(
        int(row[0]),
        printed_number(row[1], split_key(int(row[0]))[0], row[2], int(row[3])),
        str(row[4]),
        day_of(moment_of(row[5]), zone),
        int(row[6]),
        str(row[7]),
        references,
    )
