"""Meters of customers as the office keeps them.

Decisions
---------
2026-11-30  What a customer pays by meter is agreed for the product, as every contract rate is, with four
decimals of a minor unit: one price answers at the till, on the invoice and in `explain price`.  Two meters of
one product cost the same; where they do not, what runs through them are two products.

2026-11-30  A meter's first reading is where it stood when it came to us; from the first document that names
the meter on, that document says where it stood.  It is not asked again.
"""

from dataclasses import replace
from typing import Final, NamedTuple

from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole
from pos_app.ledger.permission import Permission
from pos_app.ledger.price import Price
from pos_app.ledger.quantity import MOST_READING
from pos_app.office.books import Books
from pos_app.office.masters.coded import checked_code
from pos_app.office.masters.party_contacts import party
from pos_app.office.office import Office
from pos_app.store.master import party_meters, party_terms
from pos_app.store.master.codes import PartyCode
from pos_app.store.master.party_meters import Meter
from pos_app.store.stock import meter_readings

_MOST_SERIAL: Final = 40


class Said(NamedTuple):
    """What is said of a meter; None stays as it is.  `first_reading` thousandths, `rate` minor units."""

    sku: str | None = None
    serial: str | None = None
    first_reading: int | None = None
    rate: Price | None = None


def meters(office: Office, code: str) -> list[Meter]:
    """The meters of a party.  Raises `Refused` for an unknown code."""
    with office.read() as books:
        return party_meters.of_party(books.connection, books.org_id, party(books, code).party_id)


def put(office: Office, code: str, meter: str, said_of: Said) -> Meter:
    """Say a meter of a customer, a new one or what changes of one; a rate becomes what is agreed with them.

    Raises `Refused` for who is no customer, a product that is not sold by meter, and a first reading of a
    meter by which was sold.
    """
    with office.change(Permission.EDIT_MASTER) as books:
        customer, its_code = books.party(code, PartyRole.CUSTOMER), checked_code(meter)
        before = _of(books, customer, its_code)
        made, list_price = _made(books, customer, its_code, before, said_of)
        if before is not None and made.first_reading != before.first_reading:
            its = customer.party_id, before.product_id, before.code
            if meter_readings.of_meter(books.connection, books.org_id, *its) is not None:
                raise Refused("meter-sold-by", meter=before.code)
        party_meters.put(books.connection, books.org_id, made)
        if said_of.rate is not None:
            if said_of.rate < list_price:
                # An agreement below the list lets everybody sell cheaper (see `masters.prices`).
                office.need(books.connection, Permission.PRICE)
            party_terms.put_contract_price(
                books.connection, books.org_id, customer.party_id, made.product_id, said_of.rate
            )
        return made


def _made(
    books: Books, customer: PartyCode, code: str, before: Meter | None, said_of: Said
) -> tuple[Meter, Price]:
    """The meter as it is from now on, and what everybody pays for what runs through it."""
    if before is None and said_of.sku is None:
        raise Refused("meter-needs-product", meter=code)
    sku = said_of.sku or ("" if before is None else before.sku)
    product = books.product(sku, books.location("").location_id, books.today)
    if not product.behaviour.by_meter:
        raise Refused("meter-of-other-goods", product=product.name)
    stood = before or Meter(customer.party_id, code, product.product_id, "", "", "", 0)
    serial = stood.serial if said_of.serial is None else said_of.serial.strip()
    if len(serial) > _MOST_SERIAL or not (serial or " ").isprintable():
        raise Refused("party-particulars-wrong", what="serial", most=_MOST_SERIAL)
    first = stood.first_reading if said_of.first_reading is None else said_of.first_reading
    if not 0 <= first < MOST_READING:
        raise Refused("meter-reading-implausible")
    made = replace(
        stood,
        product_id=product.product_id,
        sku=product.sku,
        unit=product.unit,
        serial=serial,
        first_reading=first,
    )
    return made, product.price


def remove(office: Office, code: str, meter: str) -> Meter:
    """A meter is gone; what was sold by it stays.  Raises `Refused` where there is none."""
    with office.change(Permission.EDIT_MASTER) as books:
        customer = party(books, code)
        found = _of(books, customer, meter.strip())
        if found is None:
            raise Refused("meter-unknown", name=customer.name, meter=meter.strip()[:40])
        party_meters.put(books.connection, books.org_id, found, active=False)
        return found


def _of(books: Books, customer: PartyCode, code: str) -> Meter | None:
    known = party_meters.of_party(books.connection, books.org_id, customer.party_id)
    return next((one for one in known if one.code.casefold() == code.casefold()), None)
