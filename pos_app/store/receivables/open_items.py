"""Open items: what is still to be paid of each invoice, and what money of a party is free for it.

Decisions
---------
2026-11-21  A till knows an invoice of another terminal by its open amount alone.  The business that is owed
is a key of it and comes along; the printed number does not, and stays empty.
"""

from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, text

from pos_app.ledger.line import PartyRole
from pos_app.ledger.numbering import printed_number
from pos_app.ledger.settlement import Open
from pos_app.store.balances import balances
from pos_app.store.balances.balances import Values
from pos_app.store.engine.engine import quick
from pos_app.store.tables.projections import PARTY_BALANCE


@dataclass(frozen=True, slots=True)
class OpenOf:
    """One open invoice or bill with whose it is; `open.business_id` is the business that it is of."""

    role: PartyRole
    party_id: int
    currency: str
    open: Open


class Free(NamedTuple):
    """Money of a party that no invoice took yet, in minor units of its currency and of the base."""

    amount: int
    base_amount: int


_READ: Final = (
    "SELECT i.party_role, i.party_id, i.currency, i.invoice_id, i.due_on, i.amount, i.base_amount,"
    " i.business_id, d.terminal_no, d.series, d.number, coalesce(p.letter, '')"
    " FROM open_invoice AS i LEFT JOIN document AS d ON d.org_id = i.org_id AND d.document_id = i.invoice_id"
    " LEFT JOIN depot AS p ON p.org_id = d.org_id AND p.depot_id = d.depot_id"
    " WHERE i.org_id = :org AND {where} ORDER BY i.due_on, i.invoice_id, i.business_id"
)


def to_pay(connection: Connection, org_id: int, role: PartyRole, party_id: int, currency: str) -> list[Open]:
    """What a party has to pay (is to be paid) in a currency, what is due first first; without credits.

    `invoice_number` is empty where the number is not known here.
    """
    found = _read(
        connection,
        org_id,
        "i.party_role = :role AND i.party_id = :party AND i.currency = :currency AND i.amount > 0",
        {"role": role.value, "party": party_id, "currency": currency},
    )
    return [one.open for one in found]


def of_role(connection: Connection, org_id: int, role: PartyRole) -> list[OpenOf]:
    """All that is open of customers, or of vendors."""
    return _read(connection, org_id, "i.party_role = :role AND i.amount <> 0", {"role": role.value})


def of_invoice(connection: Connection, org_id: int, invoice_id: int) -> list[OpenOf]:
    """The items that a document opened, paid or not: one of an invoice, several of opening balances."""
    return _read(connection, org_id, "i.invoice_id = :invoice", {"invoice": invoice_id})


def _read(connection: Connection, org_id: int, where: str, values: dict[str, Any]) -> list[OpenOf]:
    rows = connection.execute(text(_READ.format(where=where)), {"org": org_id, **values}).all()
    return [
        OpenOf(
            PartyRole(row[0]),
            int(row[1]),
            row[2],
            Open(
                int(row[3]),
                printed_number(row[11], int(row[8]), row[9], int(row[10])) if row[9] else "",
                int(row[4]),
                int(row[5]),
                int(row[6]),
                int(row[7]),
            ),
        )
        for row in rows
    ]


def unallocated(connection: Connection, org_id: int, role: PartyRole, party_id: int, currency: str) -> Free:
    """What a customer paid (a vendor was paid) beyond what they owe, and no invoice took.

    What stands on a customer's account without an invoice counts first: that is paid before anything is free.
    """
    row = connection.execute(
        text(
            "SELECT coalesce(sum(amount), 0), coalesce(sum(base_amount), 0) FROM open_invoice"
            " WHERE org_id = :org AND party_role = :role AND party_id = :party AND currency = :currency"
        ),
        {"org": org_id, "role": role.value, "party": party_id, "currency": currency},
    ).one()
    owed = balance(connection, org_id, role, party_id, currency)
    sign = 1 if role is PartyRole.CUSTOMER else -1
    return Free(int(row[0]) - sign * owed["amount"], int(row[1]) - sign * owed["base_amount"])


def free_of_businesses(
    connection: Connection, org_id: int, role: PartyRole, party_id: int, currency: str
) -> dict[int, Free]:
    """What lies free of a party in each business where there is any: of a depositor all that they hold.

    Out of the journal, so it is the centre that is asked.
    """
    sign = -1 if role is PartyRole.VENDOR else 1
    rows = connection.execute(
        text(
            "SELECT business_id, sum(amount), sum(base_amount) FROM ("
            " SELECT business_id, -:sign * amount AS amount, -:sign * base_amount AS base_amount"
            " FROM journal_line"
            " WHERE org_id = :org AND party_id = :party AND party_role = :role AND currency = :currency"
            " UNION ALL SELECT business_id, amount, base_amount FROM open_invoice"
            " WHERE org_id = :org AND party_id = :party AND party_role = :role AND currency = :currency"
            ") AS t GROUP BY business_id"
        ),
        {"org": org_id, "party": party_id, "role": role.value, "currency": currency, "sign": sign},
    )
    found = {int(row[0]): Free(int(row[1]), int(row[2])) for row in rows}
    return {business: free for business, free in found.items() if free.amount > 0}


def deposited(connection: Connection, org_id: int, party_id: int, currency: str) -> Free:
    """What a customer has with us as a deposit."""
    held = balance(connection, org_id, PartyRole.DEPOSITOR, party_id, currency)
    return Free(-held["amount"], -held["base_amount"])


def in_base(connection: Connection, org_id: int, role: PartyRole, party_id: int) -> int:
    """What stands between us and a party in all currencies together, in base currency."""
    row = quick(
        connection,
        "SELECT coalesce(sum(base_amount), 0) FROM party_balance"
        " WHERE org_id = ? AND party_role = ? AND party_id = ?",
        org_id,
        role.value,
        party_id,
    ).fetchone()
    return int(row[0])


def balance(connection: Connection, org_id: int, role: PartyRole, party_id: int, currency: str) -> Values:
    """What stands between us and a party in a role: `amount` and `base_amount`; debit positive."""
    key = {"org_id": org_id, "party_role": role.value, "party_id": party_id, "currency": currency}
    return balances.current(connection, PARTY_BALANCE, key)


def currencies(connection: Connection, org_id: int, party_id: int) -> set[str]:
    """The currencies in which a customer has open invoices, a balance or a deposit."""
    rows = connection.execute(
        text(
            "SELECT currency FROM open_invoice WHERE org_id = :org AND party_role = :customer"
            " AND party_id = :party AND amount <> 0 UNION SELECT currency FROM party_balance"
            " WHERE org_id = :org AND party_role IN (:customer, :depositor) AND party_id = :party"
            " AND amount <> 0"
        ),
        {
            "org": org_id,
            "party": party_id,
            "customer": PartyRole.CUSTOMER.value,
            "depositor": PartyRole.DEPOSITOR.value,
        },
    )
    return {str(code) for (code,) in rows}
