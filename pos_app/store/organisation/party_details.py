"""Contacts and meters of parties in bulk at the centre: rows of a file, known by the party and a word."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

from sqlalchemy import Connection, text

from pos_app.language import said
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole
from pos_app.ledger.price import Price
from pos_app.ledger.product_type import behaviour
from pos_app.store.master import party_contacts, party_meters, party_terms, product_list, unknown
from pos_app.store.master.party_contacts import Contact
from pos_app.store.master.party_meters import Meter
from pos_app.store.master.product_list import Kept
from pos_app.store.organisation.master_import import Brought, Refusal


class ContactRow(NamedTuple):
    """A contact as a file has it; None is "as it is"."""

    line_no: int
    code: str
    label: str = ""
    name: str | None = None
    phone: str | None = None
    email: str | None = None
    address: str | None = None
    active: int = 1


class MeterRow(NamedTuple):
    """A meter as a file has it: thousandths, minor units; None is "as it is"."""

    line_no: int
    code: str
    meter: str = ""
    sku: str | None = None
    serial: str | None = None
    first_reading: int | None = None
    rate: Price | None = None
    active: int = 1


class Became(NamedTuple):
    """What became of a row: whether anything is otherwise now, whether it was not there before, and under
    which word beside its party's code it is found.
    """

    has_changed: bool
    is_new: bool
    word: str


Row = TypeVar("Row", ContactRow, MeterRow)


def put_contacts(connection: Connection, org_id: int, rows: Sequence[ContactRow]) -> Brought:
    """Write contacts; a row changes what it says and nothing else."""

    def put(row: ContactRow, party_id: int) -> Became:
        if not row.label:
            raise Refused("contact-needs-label")
        known = {one.label.casefold(): one for one in party_contacts.of_party(connection, org_id, party_id)}
        before = known.get(row.label.casefold(), Contact(row.label, "", "", "", ""))
        told = (getattr(row, name) for name in _TOLD)
        stood = (getattr(before, name) for name in _TOLD)
        made = Contact(
            before.label, *(old if new is None else new for new, old in zip(told, stood, strict=True))
        )
        if "@" not in (made.email or "@"):
            raise Refused("email-unusable", email=made.email[:60])
        if row.active and not (made.name or made.phone or made.email or made.address):
            raise Refused("contact-says-nothing", label=before.label)
        party_contacts.put(connection, org_id, party_id, made, active=bool(row.active))
        is_new = row.label.casefold() not in known
        return Became(is_new or made != before or not row.active, is_new, before.label)

    return _each(connection, org_id, rows, put)


def put_meters(connection: Connection, org_id: int, rows: Sequence[MeterRow]) -> Brought:
    """Write meters; a row changes what it says and nothing else, and a rate is what is agreed."""

    def put(row: MeterRow, party_id: int) -> Became:
        if not row.meter:
            raise Refused("meter-needs-code")
        known = {one.code.casefold(): one for one in party_meters.of_party(connection, org_id, party_id)}
        before = known.get(row.meter.casefold())
        product = _metered(connection, org_id, row, before)
        if PartyRole.CUSTOMER not in party_terms.roles_of(connection, org_id, party_id):
            raise Refused("party-not-in-role-office", name=row.code, role=PartyRole.CUSTOMER.value)
        made = Meter(
            party_id,
            row.meter if before is None else before.code,
            product.product_id,
            product.sku,
            product.unit,
            (before.serial if before else "") if row.serial is None else row.serial,
            (before.first_reading if before else 0) if row.first_reading is None else row.first_reading,
        )
        party_meters.put(connection, org_id, made, active=bool(row.active))
        agreed = party_terms.contract_price(connection, org_id, party_id, product.product_id)
        if row.rate is not None and row.rate != agreed:
            party_terms.put_contract_price(connection, org_id, party_id, product.product_id, row.rate)
            return Became(has_changed=True, is_new=before is None, word=made.code)
        return Became(made != before or not row.active, before is None, made.code)

    return _each(connection, org_id, rows, put)


def _metered(connection: Connection, org_id: int, row: MeterRow, before: Meter | None) -> Kept:
    """What runs through a meter.  Raises `Refused` for nothing, and for what is not sold so."""
    sku = row.sku or ("" if before is None else before.sku)
    if not sku:
        raise Refused("meter-needs-product", meter=row.meter)
    product = product_list.by_sku(connection, org_id, sku)
    if product is None:
        raise unknown.product(connection, org_id, sku)
    if not behaviour(product.type).by_meter:
        raise Refused("meter-of-other-goods", product=product.name)
    return product


def contacts(connection: Connection, org_id: int) -> Iterator[ContactRow]:
    """Every contact, by its party."""
    for code, party_id in _parties(connection, org_id, "party_contact"):
        for one in party_contacts.of_party(connection, org_id, party_id):
            yield ContactRow(0, code, *(getattr(one, name) for name in ("label", *_TOLD)))


def meters(connection: Connection, org_id: int) -> Iterator[MeterRow]:
    """Every meter with what is agreed, by its customer."""
    for code, party_id in _parties(connection, org_id, "party_meter"):
        for one in party_meters.of_party(connection, org_id, party_id):
            rate = party_terms.contract_price(connection, org_id, party_id, one.product_id)
            yield MeterRow(0, code, one.code, one.sku, one.serial, one.first_reading, rate)


def contact(connection: Connection, org_id: int, code: str, label: str) -> ContactRow | None:
    """A contact of a party by its label, while it counts."""
    party_id = _keys(connection, org_id, [code]).get(code.lower())
    for one in () if party_id is None else party_contacts.of_party(connection, org_id, party_id):
        if one.label == label:
            return ContactRow(0, code, *(getattr(one, name) for name in ("label", *_TOLD)))
    return None


def meter(connection: Connection, org_id: int, code: str, word: str) -> MeterRow | None:
    """A meter of a customer by its code, while it counts."""
    party_id = _keys(connection, org_id, [code]).get(code.lower())
    for one in () if party_id is None else party_meters.of_party(connection, org_id, party_id):
        if one.code == word:
            rate = party_terms.contract_price(connection, org_id, one.party_id, one.product_id)
            return MeterRow(0, code, one.code, one.sku, one.serial, one.first_reading, rate)
    return None


_TOLD = ("name", "phone", "email", "address")


def _parties(connection: Connection, org_id: int, table: str) -> list[tuple[str, int]]:
    rows = connection.execute(
        text(
            "SELECT p.code, p.party_id FROM party AS p WHERE p.org_id = :org AND p.party_id IN"
            f" (SELECT t.party_id FROM {table} AS t WHERE t.org_id = :org AND t.active = 1) ORDER BY p.code"
        ),
        {"org": org_id},
    )
    return [(str(code), int(key)) for code, key in rows]


def _each(
    connection: Connection, org_id: int, rows: Sequence[Row], put: Callable[[Row, int], Became]
) -> Brought:
    known = _keys(connection, org_id, [row.code for row in rows])
    refusals: list[Refusal] = []
    became: list[tuple[str, Became]] = []
    for row in rows:
        party_id = known.get(row.code.lower())
        if party_id is None:
            refusals.append(Refusal(row.line_no, said("party-unknown", code=row.code[:40])))
            continue
        try:
            became.append((row.code, put(row, party_id)))
        except Refused as error:
            refusals.append(Refusal(row.line_no, error.said))
    changed = [(code, one) for code, one in became if one.has_changed]
    edited = tuple((code, one.word) for code, one in changed if not one.is_new)
    return Brought(refusals, [], [], len(changed), sum(one.is_new for _, one in became), edited)


def _keys(connection: Connection, org_id: int, codes: Sequence[str]) -> Mapping[str, int]:
    """The keys of parties by their codes in small letters; of several the oldest."""
    rows = connection.execute(
        text(
            "SELECT lower(code), party_id FROM party WHERE org_id = :org AND lower(code) = ANY (:codes)"
            " ORDER BY party_id DESC"
        ),
        {"org": org_id, "codes": [code.lower() for code in codes]},
    )
    return {str(code): int(key) for code, key in rows}
