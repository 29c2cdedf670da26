"""What a party still has to pay or to be paid, invoice by invoice, ready to be allocated to."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, text

from pos_app.ledger.line import PartyRole
from pos_app.ledger.numbering import printed_number
from pos_app.ledger.settlement import Open


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
    " FROM open_invoice AS i JOIN document AS d ON d.org_id = i.org_id AND d.document_id = i.invoice_id"
    " LEFT JOIN depot AS p ON p.org_id = d.org_id AND p.depot_id = d.depot_id"
    " WHERE i.org_id = :org AND {where} ORDER BY i.due_on, i.invoice_id, i.business_id"
)


def of_party(
    connection: Connection, org_id: int, role: PartyRole, party_id: int, currency: str
) -> list[OpenOf]:
    """What is open of a party in a currency, credits too, what is due first first."""
    return _read(
        connection,
        org_id,
        "i.party_role = :role AND i.party_id = :party AND i.currency = :currency AND i.amount <> 0",
        {"role": role.value, "party": party_id, "currency": currency},
    )


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
                printed_number(row[11], int(row[8]), row[9], int(row[10])),
                int(row[4]),
                int(row[5]),
                int(row[6]),
                int(row[7]),
            ),
        )
        for row in rows
    ]
