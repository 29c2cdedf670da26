"""What the pages of the first start ask for; whoever opens the window does it.

Every deed may take seconds and runs beside the window.  Each raises a `BohariError` whose sentence is shown.

Decisions
---------
2026-12-01  A page never holds what the next start would miss: what is known is written by the deed that found
it, so a first start that was killed begins again at the page that it had come to.
"""

from enum import StrEnum
from typing import NamedTuple, Protocol


class Step(StrEnum):
    """Where a first start stands; the words are kept in the till's settings."""

    BEGIN = "begin"
    SERVER = "server"
    CODE = "code"
    SHOP = "shop"
    KEY = "key"
    PRINTER = "printer"
    SCANNER = "scanner"
    DRAWER = "drawer"
    DONE = "done"


class Stand(NamedTuple):
    """Where it goes on: the page, the address that was found good, and whether this PC is the whole shop."""

    step: Step
    server: str = ""
    is_whole_shop: bool = False


class FoundServer(NamedTuple):
    """A centre that announced itself on the network; what it says is not believed before it is asked."""

    name: str
    url: str


class SeenServer(NamedTuple):
    """What answered at an address: see `sync.client.first_look.Seen`.  `code` came with a link."""

    url: str
    fingerprint: str
    ahead_s: int
    is_open: bool
    certificate: str = ""
    certificate_print: str = ""
    code: str = ""


class Enrolled(NamedTuple):
    """This home is a till; `trouble` is why prices and people have not come yet, empty where they have."""

    number: int
    trouble: str


class Printer(NamedTuple):
    """A printer that was found: its address, its name, and how it is joined."""

    address: str
    name: str
    how: str


class Template(NamedTuple):
    """With what a shop can begin, and what that says of it by itself."""

    name: str
    currency: str
    time_zone: str
    business_name: str
    depot_name: str


class ShopWish(NamedTuple):
    """What somebody wants to found on this PC; without a password the owner has none for the browser yet."""

    template: str
    organisation: str
    business_name: str
    depot_name: str
    currency: str
    time_zone: str
    owner: str
    pin: str
    password: str


class FoundedShop(NamedTuple):
    """The recovery key, which is shown once, and what stopped the template, where something did."""

    recovery_key: str
    why: str = ""


class Deeds(Protocol):
    """Does what the pages ask."""

    def stand(self) -> Stand:
        """Where this first start goes on."""

    def reached(self, step: Step) -> None:
        """Keep that this page was reached."""

    def keep_look(self, mode: str, language: str) -> None:
        """Keep how the window looks and speaks."""

    def servers(self) -> list[FoundServer]:
        """The centres that answer on this network."""

    def look(self, typed: str) -> SeenServer:
        """Look at what answers at an address or behind a link that a person typed, pasted or scanned."""

    def believe(self, seen: SeenServer) -> None:
        """Keep an address, its certificate and whether it is open: a person said that all is right."""

    def enrol(self, code: str) -> Enrolled:
        """Make this home a till of the centre that was believed."""

    def templates(self) -> list[Template]:
        """With what a shop can begin."""

    def found(self, wish: ShopWish) -> FoundedShop:
        """Found the shop on this PC."""

    def founded(self) -> FoundedShop | None:
        """The shop that a first start before this one founded, with a new recovery key; None for none."""

    def join_own(self) -> Enrolled:
        """Start the centre of this PC, and make this home a till of it."""

    def printers(self) -> list[Printer]:
        """The printers that this machine and its network know of."""

    def print_trial(self, address: str) -> None:
        """Print a test page."""

    def keep_printer(self, address: str) -> None:
        """Print receipts there from now on; empty for pictures in the home."""

    def kick(self) -> None:
        """Open the drawer that hangs on the printer."""
