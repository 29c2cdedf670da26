"""Whom to ask at a party and where to bring what: several people and places, each with what it is for."""

from dataclasses import dataclass

from sqlalchemy import Connection, text

from pos_app.store.engine import privacy
from pos_app.store.master import master_edit
from pos_app.store.tables import master


@dataclass(frozen=True, slots=True)
class Contact:
    """One of them: `label` says what for (delivery, billing); an address has lines parted by a line feed."""

    label: str
    name: str
    phone: str
    email: str
    address: str


_TOLD = ("name", "phone", "email", "address")


def of_party(connection: Connection, org_id: int, party_id: int) -> list[Contact]:
    """The contacts of a party by what they are for, opened."""
    rows = connection.execute(
        text(
            f"SELECT label, {', '.join(_TOLD)} FROM party_contact"
            " WHERE org_id = :org AND party_id = :party AND active = 1 ORDER BY label"
        ),
        {"org": org_id, "party": party_id},
    )
    private, fields = privacy.of(connection), privacy.OF_TABLE["party_contact"]
    return [
        Contact(
            str(row[0]),
            *(
                private.decrypt_text(org_id, fields[name], value) if name in fields else str(value)
                for name, value in zip(_TOLD, row[1:], strict=True)
            ),
        )
        for row in rows
    ]


def put(connection: Connection, org_id: int, party_id: int, contact: Contact, *, active: bool = True) -> None:
    """Say a contact, or (not active) take it away."""
    master_edit.put(
        connection,
        master.party_contact,
        org_id,
        party_id=party_id,
        label=contact.label,
        **{name: getattr(contact, name) for name in _TOLD},
        active=int(active),
    )
