"""Records of parties that may be one: what they have alike, and the one taking over what is no document."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import Connection, text

from pos_app.ledger.errors import Refused
from pos_app.ledger.letters import folded
from pos_app.store.engine.privacy import MARK_CHARACTERS
from pos_app.store.master import (
    master_edit,
    party_contacts,
    party_list,
    party_meters,
    party_terms,
    price_lists,
)
from pos_app.store.master.codes import PartyCode
from pos_app.store.master.party_contacts import Contact
from pos_app.store.tables import master


class Alike(NamedTuple):
    """Parties that may be one: what is alike (phone, tax number, name), their codes and names."""

    by: str
    parties: tuple[tuple[str, str], ...]


def find(connection: Connection, org_id: int) -> list[Alike]:
    """At the centre: active parties with the same telephone, tax number, or letters of their name."""
    rows = connection.execute(
        text(
            "SELECT code, name, phone, tax_number FROM party"
            " WHERE org_id = :org AND active = 1 AND into_id IS NULL ORDER BY party_id"
        ),
        {"org": org_id},
    )
    groups: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for code, name, phone, tax_number in rows:
        letters = " ".join(sorted("".join(one if one.isalnum() else " " for one in folded(name)).split()))
        # Equal numbers begin alike while they are closed (`privacy`): nothing is opened to look.
        for by, alike in (("phone", phone[:MARK_CHARACTERS]), ("tax number", tax_number[:MARK_CHARACTERS])):
            if alike:
                groups[by, alike].append((code, name))
        if letters:
            groups["name", letters].append((code, name))
    return [Alike(by, tuple(parties)) for (by, _), parties in groups.items() if len(parties) > 1]


def into(connection: Connection, org_id: int, party_id: int) -> int | None:
    """The key of the party into which one was merged; None for one that stands for itself."""
    found = connection.execute(
        text("SELECT into_id FROM party WHERE org_id = :org AND party_id = :party"),
        {"org": org_id, "party": party_id},
    ).scalar_one_or_none()
    return None if found is None else int(found)


def into_code(connection: Connection, org_id: int, party_id: int) -> str:
    """Its code; empty for one that stands for itself."""
    found = connection.execute(
        text(
            "SELECT k.code FROM party AS p JOIN party AS k ON k.org_id = p.org_id AND k.party_id = p.into_id"
            " WHERE p.org_id = :org AND p.party_id = :party"
        ),
        {"org": org_id, "party": party_id},
    ).scalar_one_or_none()
    return str(found or "")


def take_over(connection: Connection, org_id: int, kept: PartyCode, lost: PartyCode, now_us: int) -> None:
    """Roles, agreed prices, groups, meters and contacts go to the party that stays; the other is archived.

    Groups go where the one that stays is in none: which price holds is theirs to say.  Where that was done
    before, what was said of the one that stays since then stands.  Raises `Refused` where both have a meter
    of one code.
    """
    if into(connection, org_id, lost.party_id) != kept.party_id:
        _roles(connection, org_id, kept, lost)
        _prices(connection, org_id, kept, lost)
        _groups(connection, org_id, kept, lost, now_us)
        _meters(connection, org_id, kept, lost)
        for contact in _contacts(connection, org_id, kept, lost):
            party_contacts.put(connection, org_id, kept.party_id, contact)
    both = {"org": org_id, "kept": kept.party_id, "lost": lost.party_id}
    for table, column in (("person", "party_id"), ("party", "into_id")):
        # Whoever pointed to the one that goes points to the one that stays: one step is enough for ever.
        connection.execute(
            text(f"UPDATE {table} SET {column} = :kept WHERE org_id = :org AND {column} = :lost"), both
        )
    if into(connection, org_id, kept.party_id) is not None:
        # They went into another one once and are back: a till would send whoever buys on for ever.
        master_edit.change(connection, master.party, org_id, kept.party_id, into_id=None)
    master_edit.change(connection, master.party, org_id, lost.party_id, active=0, into_id=kept.party_id)


def _roles(connection: Connection, org_id: int, kept: PartyCode, lost: PartyCode) -> None:
    has = party_terms.roles_of(connection, org_id, kept.party_id)
    for role, terms in party_terms.roles_of(connection, org_id, lost.party_id).items():
        own = has.get(role, terms)
        party_terms.put_role(
            connection,
            org_id,
            kept.party_id,
            role,
            terms_days=own.terms_days,
            credit_limit=max(own.credit_limit, terms.credit_limit),
        )


def _prices(connection: Connection, org_id: int, kept: PartyCode, lost: PartyCode) -> None:
    both = {"org": org_id, "kept": kept.party_id, "lost": lost.party_id}
    rows = connection.execute(
        text(
            "SELECT product_id FROM contract_rate AS c WHERE org_id = :org AND party_id = :lost"
            " AND active = 1 AND NOT EXISTS (SELECT 1 FROM contract_rate AS k WHERE k.org_id = c.org_id"
            " AND k.party_id = :kept AND k.product_id = c.product_id AND k.active = 1)"
        ),
        both,
    )
    for product_id in [int(one) for one in rows.scalars()]:
        price = party_terms.contract_price(connection, org_id, lost.party_id, product_id)
        if price is not None:
            party_terms.put_contract_price(connection, org_id, kept.party_id, product_id, price)


def _groups(connection: Connection, org_id: int, kept: PartyCode, lost: PartyCode, now_us: int) -> None:
    if price_lists.groups_of(connection, org_id, kept.party_id):
        return
    keys = {one.code: one.group_id for one in price_lists.groups(connection, org_id)}
    for code in price_lists.groups_of(connection, org_id, lost.party_id):
        price_lists.join(connection, org_id, keys[code], kept.party_id, now_us)


def _meters(connection: Connection, org_id: int, kept: PartyCode, lost: PartyCode) -> None:
    own = {one.code.casefold() for one in party_meters.of_party(connection, org_id, kept.party_id)}
    for meter in party_meters.of_party(connection, org_id, lost.party_id):
        if meter.code.casefold() in own:
            raise Refused("merge-meter-twice", meter=meter.code)
        party_meters.put(connection, org_id, replace(meter, party_id=kept.party_id))
        party_meters.put(connection, org_id, meter, active=False)


def _contacts(connection: Connection, org_id: int, kept: PartyCode, lost: PartyCode) -> Iterator[Contact]:
    """What is said of the party that goes, so that it is found under the one that stays."""
    own = {one.label.casefold() for one in party_contacts.of_party(connection, org_id, kept.party_id)}
    for contact in party_contacts.of_party(connection, org_id, lost.party_id):
        label = contact.label if contact.label.casefold() not in own else f"{contact.label} {lost.code}"
        yield replace(contact, label=label)
    told = party_list.particulars(connection, org_id, lost.party_id)
    yield Contact(lost.code, lost.name, told["phone"], "", told["address"])
