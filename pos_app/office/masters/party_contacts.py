"""Contacts of parties as the office keeps them: people, telephones, emails and places with what they are for.

Decisions
---------
2026-11-30  A contact and an address are one thing with a label: whoever takes a delivery stands at the place
where it goes, and a place without anybody, or somebody without a place, leaves the rest empty.  The party's
own telephone and address stay what papers print.
"""

from typing import Final, NamedTuple

from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.office.books import Books
from pos_app.office.office import Office
from pos_app.store.master import codes, party_contacts
from pos_app.store.master.codes import PartyCode
from pos_app.store.master.party_contacts import Contact

_MOST: Final = {"label": 40, "name": 120, "phone": 40, "email": 120, "address": 200}
#: So many of one party: more are a list of addresses, and no till shows them.
_MOST_CONTACTS: Final = 50


class Said(NamedTuple):
    """What is said of a contact; None stays as it is, an empty text takes away."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None
    address: str | None = None


def contacts(office: Office, code: str) -> list[Contact]:
    """The contacts of a party.  Raises `Refused` for an unknown code."""
    with office.read() as books:
        return party_contacts.of_party(books.connection, books.org_id, party(books, code).party_id)


def put(office: Office, code: str, label: str, said_of: Said) -> Contact:
    """Say a contact under its label, a new one or what changes of one that there is.

    Raises `Refused` for an unknown party, for a contact that says nothing and for what no paper has room for.
    """
    with office.change(Permission.EDIT_MASTER) as books:
        found, label = party(books, code), _checked("label", label)
        known = {one.label.casefold(): one for one in _of(books, found)}
        before = known.get(label.casefold(), Contact(label, "", "", "", ""))
        told = {name: value for name, value in said_of._asdict().items() if value is not None}
        made = Contact(
            before.label,
            *(_checked(name, told.get(name, getattr(before, name))) for name in Said._fields),
        )
        if "@" not in (made.email or "@"):
            raise Refused("email-unusable", email=made.email[:60])
        if not (made.name or made.phone or made.email or made.address):
            raise Refused("contact-says-nothing", label=before.label)
        if before.label.casefold() not in known and len(known) >= _MOST_CONTACTS:
            raise Refused("contacts-too-many", name=found.name, most=_MOST_CONTACTS)
        party_contacts.put(books.connection, books.org_id, found.party_id, made)
        return made


def remove(office: Office, code: str, label: str) -> Contact:
    """Take a contact away; the log keeps what it said.  Raises `Refused` where there is none."""
    with office.change(Permission.EDIT_MASTER) as books:
        found = party(books, code)
        for one in _of(books, found):
            if one.label.casefold() == label.strip().casefold():
                party_contacts.put(books.connection, books.org_id, found.party_id, one, active=False)
                return one
        raise Refused("contact-unknown", name=found.name, label=label.strip()[:40])


def party(books: Books, code: str) -> PartyCode:
    """A party by its code, archived or not.  Raises `Refused` for an unknown one."""
    found = codes.party(books.connection, books.org_id, code.strip())
    if found is None:
        raise Refused("party-unknown", code=code[:40])
    return found


def _of(books: Books, whose: PartyCode) -> list[Contact]:
    return party_contacts.of_party(books.connection, books.org_id, whose.party_id)


def _checked(what: str, written: str) -> str:
    tidy = written.strip()
    if what == "label" and not tidy:
        raise Refused("contact-needs-label")
    if len(tidy) > _MOST[what] or not tidy.replace("\n", "").isprintable():
        raise Refused("party-particulars-wrong", what=what, most=_MOST[what])
    return tidy
