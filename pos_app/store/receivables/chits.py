"""Chits as the books have them: what is left on each voucher and deposit slip, and which are outstanding."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, text

from pos_app.ledger.chit import ROLES, Numbered
from pos_app.ledger.line import Chit, PartyRole
from pos_app.ledger.numbering import printed_number


class Standing(NamedTuple):
    """A chit and what is left on it, in minor units of its currency; below nothing where two tills that were
    offline paid with it.

    `issued_by` is the printed number of the document that issued it, where that is here, and `party` the
    customer on that.
    """

    chit: Chit
    currency: str
    left: int
    issued_by: str = ""
    party: str = ""


_READ: Final = (
    "SELECT i.party_role, i.party_id, i.business_id, i.invoice_id, i.due_on, i.currency, i.amount,"
    " coalesce(l.letter, ''), d.terminal_no, d.series, d.number, coalesce(p.code || ' ' || p.name, '')"
    " FROM open_invoice AS i"
    " LEFT JOIN document AS d ON d.org_id = i.org_id AND d.document_id = i.invoice_id"
    " LEFT JOIN depot AS l ON l.org_id = d.org_id AND l.depot_id = d.depot_id"
    " LEFT JOIN party AS p ON p.org_id = d.org_id AND p.party_id = d.party_id"
    " WHERE i.org_id = :org AND {where} ORDER BY i.party_role, d.occurred_at, i.invoice_id, i.party_id"
)


def find(connection: Connection, org_id: int, wanted: Numbered) -> Standing | None:
    """The chit of a number; None when the books have none.  Spent ones are known too."""
    found = _read(
        connection,
        org_id,
        "i.party_role = :role AND i.party_id = :number",
        {"role": wanted.role.value, "number": wanted.number},
    )
    return found[0] if found else None


def outstanding(
    connection: Connection, org_id: int, roles: Sequence[PartyRole] = ROLES, *, spent: bool = False
) -> list[Standing]:
    """All chits on which something is left (or too much was taken); with `spent` the others too."""
    names = ", ".join(f"'{role.value}'" for role in roles)
    more = "" if spent else " AND i.amount <> 0"
    return _read(connection, org_id, f"i.party_role IN ({names}){more}", {})


def deposits_of(connection: Connection, org_id: int, party_id: int, currency: str) -> int:
    """What is left on the deposit slips of documents of a customer that are here, in minor units."""
    return int(
        connection.execute(
            text(
                "SELECT coalesce(sum(i.amount), 0) FROM open_invoice AS i JOIN document AS d"
                " ON d.org_id = i.org_id AND d.document_id = i.invoice_id WHERE i.org_id = :org"
                " AND i.party_role = :role AND i.currency = :currency AND i.amount <> 0"
                " AND d.party_id = :party"
            ),
            {
                "org": org_id,
                "role": PartyRole.DEPOSIT_SLIP.value,
                "currency": currency,
                "party": party_id,
            },
        ).scalar_one()
    )


def _read(connection: Connection, org_id: int, where: str, values: dict[str, Any]) -> list[Standing]:
    rows = connection.execute(text(_READ.format(where=where)), {"org": org_id, **values}).all()
    return [
        Standing(
            Chit(
                role=PartyRole(row[0]),
                number=int(row[1]),
                business_id=int(row[2]),
                document_id=int(row[3]),
                expires_on=int(row[4]),
            ),
            row[5],
            int(row[6]),
            printed_number(row[7], int(row[8]), row[9], int(row[10])) if row[9] else "",
            row[11],
        )
        for row in rows
    ]
