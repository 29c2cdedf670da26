"""What a till asks the centre for: a customer, a product, a price for today, each under a key that it chose.

Pure: where requests stand is `store.master.asked_here` at a till and `office.requests` at the centre.

Decisions
---------
2026-11-30  A till gives the key itself.  A document names customer and product by their keys and is never
written again, so a key that the centre gave later would be too late for whatever was sold meanwhile.  Keys
of tills lie above all that the centre counts (`FIRST`), and each terminal has its own below its number: no
two are alike, and nobody is asked.  When the centre accepts, it makes the row under that key, and all that
was sold already names it.  They end below 2^40, where the places of parties begin (`ledger.stock`).

2026-11-30  Who is a customer already (by telephone) is not made twice: the answer names the one that is
known, and the new one stays as an archived row, so that what was sold to it has a name.  That loses nothing:
nothing is written on the account of who has not been answered yet.

2026-11-30  No right is made for it.  Who may sell may ask for a customer, who may change prices for a product
and for a price; the centre asks the same of its own rows, for the depot of the till and the moment of asking.
Whether the centre then does it at once or a person looks first is a rule of the house, for each of the three.

2026-11-30  What waits is bounded for each terminal (`MOST_OPEN`): a till that somebody else has cannot fill
the list of a person, nor the centre's disk.  What the centre does not take stays with the till, which sends
it again when there is room; nothing that was asked is lost.
"""

import hashlib
from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple

import msgspec

from pos_app.ledger.errors import Refused
from pos_app.ledger.house_rule import HouseRule
from pos_app.ledger.money import MOST_MINOR
from pos_app.ledger.permission import Permission
from pos_app.ledger.price import FINE

#: Keys of tills begin here; those of the centre are counted from 1.
FIRST: Final = 1 << 39
_TERMINAL_BITS: Final = 20
_REQUEST_BITS: Final = 39 - _TERMINAL_BITS
#: So many requests a terminal can make in its life.
MOST: Final = (1 << _REQUEST_BITS) - 1
#: So many of a terminal may be without a decision; more are not asked, nor taken, before somebody decides.
MOST_OPEN: Final = 500
#: The most letters of a request's content.
MOST_BODY: Final = 4_000
#: The last moment of the year 9999, in microseconds: no later one can be shown.
MOST_US: Final = 253_402_300_799_999_999
#: No key and no price comes near this, and the databases of both sides hold it.
MOST_NUMBER: Final = 2**62


class Wanted(StrEnum):
    """What is asked for; the values are what stands in the tables and travels."""

    CUSTOMER = "customer"
    PRODUCT = "product"
    PRICE = "price"


class State(StrEnum):
    """How a request stands at the centre."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"


#: What whoever asks must be allowed at the depot.
NEEDS: Final[Mapping[Wanted, Permission]] = {
    Wanted.CUSTOMER: Permission.SELL,
    Wanted.PRODUCT: Permission.PRICE,
    Wanted.PRICE: Permission.PRICE,
}
#: The rule by which the centre does it at once.
AT_ONCE: Final[Mapping[Wanted, HouseRule]] = {
    Wanted.CUSTOMER: HouseRule.CUSTOMERS_AT_ONCE,
    Wanted.PRODUCT: HouseRule.PRODUCTS_AT_ONCE,
    Wanted.PRICE: HouseRule.PRICES_AT_ONCE,
}


class CustomerAsked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody who buys: `key` is the party's.  They owe nothing until the centre says how much they may."""

    key: int
    code: str
    name: str
    phone: str = ""


class ProductAsked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Goods with the barcode that was scanned; the price in minor units and ten-thousandths of one."""

    key: int
    sku: str
    name: str
    barcode: str = ""
    price: int
    price_fine: int = 0
    tax_code: str
    business_id: int
    category: str = ""
    unit: str = "pc"


class PriceAsked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a known product costs at the depot until a moment (microseconds since 1970)."""

    key: int
    product_id: int
    price: int
    price_fine: int = 0
    until_us: int


Content = CustomerAsked | ProductAsked | PriceAsked
_SHAPES: Final[Mapping[Wanted, type[Content]]] = {
    Wanted.CUSTOMER: CustomerAsked,
    Wanted.PRODUCT: ProductAsked,
    Wanted.PRICE: PriceAsked,
}


class Request(NamedTuple):
    """A request of a terminal: its number there, who asked when, what for, and the terminal's signature."""

    terminal_no: int
    request_no: int
    kind: str
    person_id: int
    at_us: int
    body: str
    signature: bytes = b""

    @property
    def wanted(self) -> Wanted:
        """What it asks for.  Raises `Refused` for what this version does not know."""
        try:
            return Wanted(self.kind)
        except ValueError:
            raise Refused("request-unknown-kind", kind=self.kind[:20]) from None

    def content(self) -> Content:
        """What it says.  Raises `Refused` for what is none, for a key that is not its terminal's, and for
        what no till lets anybody ask: a price that is none, letters that cannot be printed.
        """
        try:
            found = msgspec.json.decode(self.body, type=_SHAPES[self.wanted])
        except msgspec.DecodeError:
            raise Refused("request-unreadable") from None
        if found.key != key_of(self.terminal_no, self.request_no) or not _is_sound(found):
            raise Refused("request-unreadable")
        return found

    def signed_text(self, org_id: int) -> bytes:
        """What its terminal signs."""
        told = (org_id, *self[:-1])
        return b"bohari request 1\n" + hashlib.sha256(msgspec.json.encode(told)).digest()


def _is_sound(content: Content) -> bool:
    for value in msgspec.structs.asdict(content).values():
        if not (value.isprintable() if isinstance(value, str) else 0 <= value < MOST_NUMBER):
            return False
    if isinstance(content, CustomerAsked):
        return True
    parts = content.price * FINE + content.price_fine
    return content.price_fine < FINE and 0 < parts <= MOST_MINOR * FINE


def key_of(terminal_no: int, request_no: int) -> int:
    """The key of what a request makes.  Raises `Refused` where a terminal has asked too often.

    >>> key_of(1, 1) - FIRST
    524289
    """
    if not (0 < request_no <= MOST and 0 < terminal_no < 1 << _TERMINAL_BITS):
        raise Refused("requests-used-up")
    return FIRST | terminal_no << _REQUEST_BITS | request_no


def is_of_till(key: int) -> bool:
    """Whether a till gave this key."""
    return key >= FIRST
