"""The shop of a simulation: one depot, its people, its goods, a drawer for each till."""

import functools
from typing import Final

from argon2.low_level import Type, hash_secret
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, update

from pos_app.bootstrap import TERMINAL_KEY
from pos_app.ledger.line import PartyRole
from pos_app.store.documents import settings, terminal
from pos_app.store.documents.terminal import Terminal
from pos_app.store.engine import terminal_key
from pos_app.store.engine.engine import Database
from pos_app.store.feed.intake import travelling
from pos_app.store.master import party_terms
from pos_app.store.tables import master
from tests.simulate.home import FILE, KEY, Image
from tests.support.documents.specimens import DEPOT, ORG
from tests.support.worlds.prepared import written_once
from tests.support.worlds.till_fixture import PINS, PRODUCTS, fill_master

#: Goods whose price is all there is to pay: people add it up by themselves.
GOODS: Final = ("GAS13", "GAS6", "REG", "WATER20", "SOAP", "MATCHES", "HOSE", "CLIP")
VENDOR: Final = 601
_FIRST_DRAWER: Final = 100
#: What a page of the feed says of a product.
PRODUCT_COLUMNS: Final = tuple(travelling(master.product))


def terminal_of(number: int) -> Terminal:
    """Who the till with this number in the plan is; the first is 0."""
    return Terminal(ORG, number + 1, DEPOT, _FIRST_DRAWER + number)


def key_of(number: int) -> Ed25519PrivateKey:
    """What this till signs with."""
    return Ed25519PrivateKey.from_private_bytes(bytes([number + 1]) * 32)


def fill(connection: Connection, tills: int) -> None:
    """The master data of the shop, at the centre or at a till."""
    fill_master(connection, 0, 1)
    for number in range(tills):
        who = terminal_of(number)
        connection.execute(
            master.drawer.insert().values(
                org_id=ORG,
                drawer_id=who.drawer_id,
                code=f"K{number + 1}",
                depot_id=DEPOT,
                terminal_no=who.terminal_no,
            )
        )
    connection.execute(
        master.party.insert().values(org_id=ORG, party_id=VENDOR, code="V601", name="Gas Works")
    )
    party_terms.put_role(connection, ORG, VENDOR, PartyRole.VENDOR)
    for person_id, pin in PINS.items():
        connection.execute(
            update(master.person)
            .where(master.person.c.org_id == ORG, master.person.c.person_id == person_id)
            .values(pin_hash=_pin_hash(person_id, pin))
        )


def _pin_hash(person_id: int, pin: str) -> str:
    """The hash of a PIN that nobody here types: salted with nothing of the machine, since it travels, and the
    bytes that travel are part of what has to come again.
    """
    salt = person_id.to_bytes(16)
    return hash_secret(pin.encode(), salt, 1, 8, parallelism=1, hash_len=32, type=Type.ID).decode()


@functools.cache
def _database(number: int, tills: int, epoch: str, server_key: bytes) -> bytes:
    def write(database: Database) -> None:
        with database.write() as connection:
            terminal.save(connection, terminal_of(number))
            fill(connection, tills)
            settings.put(connection, epoch=epoch, server_key=server_key.hex())

    return written_once(KEY, write)


def enrolled(number: int, tills: int, epoch: str, server_key: bytes) -> Image:
    """The files of a till that has just enrolled."""
    return {
        FILE: _database(number, tills, epoch, server_key),
        TERMINAL_KEY: terminal_key.written(key_of(number)),
    }


def product_row(sku: str, price: int) -> tuple[int | str | None, ...]:
    """A product with a new price, as the feed brings it."""
    product = PRODUCTS[sku]
    known: dict[str, int | str | None] = {
        "org_id": ORG,
        "product_id": product.product_id,
        "sku": sku,
        "name": product.name,
        "price": price,
        "tax_code": product.tax_code,
        "category": "Gas" if sku.startswith("GAS") else "Other",
        "unit": product.unit,
        "business_id": product.business_id,
        "stocked": int(product.stocked),
        "on_shelf": 1,
    }
    return tuple(known.get(name, _default(name)) for name in PRODUCT_COLUMNS)


def _default(name: str) -> int | str | None:
    default = master.product.columns[name].server_default
    if default is None:
        return None
    said = str(getattr(default, "arg", "")).strip("'")
    return int(said) if said.lstrip("-").isdigit() else said
