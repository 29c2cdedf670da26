"""What is still to be paid of each invoice of a party by the balances, and what money is free for it.

Decisions
---------
2026-11-21  A till knows an invoice of another terminal by its open amount alone.  The business that is owed
is a key of it and comes along; the printed number does not, and stays empty.
"""

from typing import Final, NamedTuple

from sqlalchemy import Connection, text

from pos_app.ledger.document import split_key
from pos_app.ledger.head import TERMINAL_SPAN
from pos_app.ledger.line import PartyRole
from pos_app.ledger.numbering import printed_number
from pos_app.ledger.settlement import Open
from pos_app.store.balances import balances
from pos_app.store.balances.balances import Values
from pos_app.store.engine.engine import quick
from pos_app.store.tables.projections import PARTY_BALANCE


class Free(NamedTuple):
    """Money of a party that no invoice took yet, in minor units of its currency and of the base."""

    amount: int
    base_amount: int


_OPEN: Final = (
    "SELECT i.invoice_id, i.due_on, i.amount, i.base_amount, i.business_id, d.series, d.number,"
    " (SELECT p.letter FROM drawer AS w JOIN depot AS p ON p.org_id = w.org_id"
    " AND p.depot_id = w.depot_id WHERE w.org_id = i.org_id"
    f" AND w.terminal_no = i.invoice_id / {TERMINAL_SPAN}"
    " ORDER BY w.drawer_id LIMIT 1)"
    " FROM open_invoice AS i LEFT JOIN document AS d ON d.org_id = i.org_id AND d.document_id = i.invoice_id"
    " WHERE i.org_id = :org AND i.party_role = :role AND i.party_id = :party AND i.currency = :currency"
    " AND i.amount > 0 ORDER BY i.due_on, i.invoice_id, i.business_id"
)


def of_party(
    connection: Connection, org_id: int, role: PartyRole, party_id: int, currency: str
) -> list[Open]:
    """The open invoices (bills) of a party in a currency, those due first first.

    `invoice_number` is empty where the number is not known here.
    """
    rows = connection.execute(
        text(_OPEN), {"org": org_id, "role": role.value, "party": party_id, "currency": currency}
    )
    found = []
    for invoice_id, due_on, amount, base, business, series, number, letter in rows:
        terminal_no, _ = split_key(int(invoice_id))
        printed = printed_number(letter or "", terminal_no, series, number) if series else ""
        found.append(Open(int(invoice_id), printed, int(due_on), int(amount), int(base), int(business)))
    return found


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
