"""Open items: what is still to be paid of each invoice, and what money of a party is free for it.

Decisions
---------
2026-11-21  A till knows an invoice of another terminal by its open amount alone.  The business that is owed
is a key of it and comes along; the printed number does not, and stays empty.
"""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, text

from pos_app.ledger.document import Document, PartyMoney, Settlement
from pos_app.ledger.line import PartyRole
from pos_app.ledger.numbering import printed_number
from pos_app.ledger.party_credit import Free, PartyCredit, credit_of
from pos_app.ledger.settlement import Open, Share
from pos_app.ledger.treasury import CREDIT_BACK
from pos_app.store.balances import balances
from pos_app.store.balances.balances import Values
from pos_app.store.documents import documents
from pos_app.store.engine.engine import quick
from pos_app.store.master import party_terms
from pos_app.store.tables.projections import NO_CHIT, PARTY_BALANCE


@dataclass(frozen=True, slots=True)
class OpenOf:
    """One open invoice or bill with whose it is; `open.business_id` is the business that it is of."""

    role: PartyRole
    party_id: int
    currency: str
    open: Open


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


def below_nothing(
    connection: Connection, org_id: int, role: PartyRole, party_id: int, currency: str
) -> list[Open]:
    """What was credited or paid beyond what was open, as it stands on the items: amounts below nothing."""
    found = _read(
        connection,
        org_id,
        "i.party_role = :role AND i.party_id = :party AND i.currency = :currency AND i.amount < 0",
        {"role": role.value, "party": party_id, "currency": currency},
    )
    return [one.open for one in found]


def credit(connection: Connection, org_id: int, role: PartyRole, party_id: int, currency: str) -> PartyCredit:
    """What a customer has with us (we have with a vendor) beyond what they owe; a deposit is not in it."""
    asked = (connection, org_id, role, party_id, currency)
    return credit_of(below_nothing(*asked), unallocated(*asked))


def of_role(connection: Connection, org_id: int, role: PartyRole) -> list[OpenOf]:
    """All that is open of customers, or of vendors."""
    return _read(connection, org_id, "i.party_role = :role AND i.amount <> 0", {"role": role.value})


def of_party(connection: Connection, org_id: int, party_id: int) -> list[OpenOf]:
    """All items of a party, as a customer and as a vendor, on which anything stands, either way."""
    where = "i.party_id = :party AND i.party_role IN ('customer', 'vendor') AND i.amount <> 0"
    return _read(connection, org_id, where, {"party": party_id})


def of_invoice(connection: Connection, org_id: int, invoice_id: int) -> list[OpenOf]:
    """The items that a document opened, paid or not: one of an invoice, several of opening balances."""
    return _read(connection, org_id, f"i.invoice_id = :invoice AND i.{NO_CHIT}", {"invoice": invoice_id})


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
    """What a customer paid (a vendor was paid), and no invoice took; credit on an invoice is not in it.

    What stands on a customer's account without an invoice counts first: that is paid before anything is free,
    and what of it is not paid is below nothing here.
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


def was_drawn(
    connection: Connection, org_id: int, role: PartyRole, party_id: int, currency: str, *, since: int
) -> bool:
    """Whether money of a party that lay on no invoice was used by something that stands, recorded here after
    the document `since`.
    """
    rows = connection.execute(
        text(
            "SELECT d.document_id FROM document AS d JOIN document AS s"
            " ON s.org_id = d.org_id AND s.document_id = :since"
            " WHERE d.org_id = :org AND d.party_id = :party AND d.kind IN ('settlement', 'party_money')"
            f" AND d.recorded_at >= s.recorded_at AND {documents.not_voided()}"
        ),
        {"org": org_id, "party": party_id, "since": since},
    ).all()
    found = [documents.get(connection, org_id, int(key)) for (key,) in rows]
    return any(_draws(one, role, currency) for one in found)


def _draws(document: Document | None, role: PartyRole, currency: str) -> bool:
    """Whether a document uses more of what a party in this role has than it names credits on invoices."""
    match document:
        case Settlement(deposit_account=""):
            pass
        case PartyMoney(reason=reason) if reason in CREDIT_BACK:
            pass
        case _:
            return False
    same = (document.party_role, document.currency) == (role, currency)
    return same and document.total > sum(one.amount for one in document.credits)


def free_of_businesses(
    connection: Connection, org_id: int, role: PartyRole, party_id: int, currency: str
) -> dict[int, Free]:
    """What lies free of a party in each business where there is any: of a depositor all that they hold."""
    sign = -1 if role is PartyRole.VENDOR else 1
    rows = connection.execute(
        text(
            "SELECT business_id, sum(amount), sum(base_amount) FROM ("
            " SELECT business_id, -:sign * amount AS amount, -:sign * base_amount AS base_amount"
            " FROM party_in_business"
            " WHERE org_id = :org AND party_id = :party AND party_role = :role AND currency = :currency"
            " UNION ALL SELECT business_id, amount, base_amount FROM open_invoice"
            " WHERE org_id = :org AND party_id = :party AND party_role = :role AND currency = :currency"
            ") AS t GROUP BY business_id"
        ),
        {"org": org_id, "party": party_id, "role": role.value, "currency": currency, "sign": sign},
    )
    found = {int(row[0]): Free(int(row[1]), int(row[2])) for row in rows}
    return {business: free for business, free in found.items() if free.amount > 0}


def lying(
    connection: Connection, org_id: int, role: PartyRole, party_id: int, currency: str, *, own: int
) -> tuple[Share, ...]:
    """The same in the order in which a document of the business `own` draws it: its own, then the most."""
    found = free_of_businesses(connection, org_id, role, party_id, currency)
    return tuple(
        Share(business_id=business, amount=free.amount, base_amount=free.base_amount)
        for business, free in sorted(found.items(), key=lambda one: (one[0] != own, -one[1].amount, one[0]))
    )


def deposited(connection: Connection, org_id: int, party_id: int, currency: str) -> Free:
    """What a customer has with us as a deposit."""
    held = balance(connection, org_id, PartyRole.DEPOSITOR, party_id, currency)
    return Free(-held["amount"], -held["base_amount"])


def advance_left(connection: Connection, org_id: int, party_id: int) -> int:
    """What an employee may still draw in advance, in minor units of the base currency."""
    terms = party_terms.roles_of(connection, org_id, party_id).get(PartyRole.EMPLOYEE)
    drawn = in_base(connection, org_id, PartyRole.EMPLOYEE, party_id)
    return max((0 if terms is None else terms.credit_limit) - drawn, 0)


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
