"""The interface of a regime: what it needs, what it asks its device, what it answers, prints and forbids."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal, NamedTuple, Protocol

from pos_app.fiscal.invoice import FiscalInvoice
from pos_app.language import Sentence

#: What an owner says of a device; which of them a regime needs stands in `Regime.needs`.
Field = Literal["address", "branch", "serial"]
#: How an invoice of ours stands with its device.
WAITING, SENT, SIGNED, REFUSED, ASIDE = "waiting", "sent", "signed", "refused", "aside"
STATES: Final = (WAITING, SENT, SIGNED, REFUSED, ASIDE)
#: A kind of entries: goods, by the key of their product; and, among the codes of an invoice, their class.
ITEM: Final = "item"
CLASS: Final = "class"


class Line(Protocol):
    """Carries a message to the device of one business and gives its answer."""

    def post(self, path: str, headers: Mapping[str, str], body: bytes) -> bytes:
        """The body of the answer.

        Raises `Unavailable` where none came: the device may have done what it was asked, or not.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class Device:
    """The device of a business, as it is registered.  `pin` is the business's tax number, `secret` what its
    messages are known by, `unit` and `recorder` what the device calls itself, `codes` what its authority said
    of tax types (of the regime's own form).  `is_trial` is one of the authority's sandbox.
    """

    pin: str
    branch: str = ""
    serial: str = ""
    secret: str = ""
    unit: str = ""
    recorder: str = ""
    codes: str = ""
    item_class: str = ""
    is_trial: bool = False


class Registered(NamedTuple):
    """What a device said when it was registered."""

    secret: str
    unit: str
    recorder: str
    codes: str


class Entry(NamedTuple):
    """Something that the device must know before an invoice names it: `kind` and `key` are what it is known
    by here, `said` all that would be told (another text is told anew), `class_code` what kind of goods it is.
    """

    kind: str
    key: int
    said: str
    class_code: str = ""


class Signed(NamedTuple):
    """What the device made of an invoice.  `at` is its own clock's text; `label` what kind of receipt it is.
    `figures` are the taxable and tax amounts by tax type as the authority rounds them, in minor units.
    """

    receipt_no: int
    total_no: int
    internal: str
    signature: str
    at: str
    unit: str
    label: str
    qr: str
    figures: dict[str, tuple[int, int]]


class Declined(NamedTuple):
    """The device does not take an invoice: the authority's own code and words.

    `says` is what it comes to and what to do.  With `stops` the device itself is wrong, and no other invoice
    would do better.  With `is_double` it has something under this number already.  `expected` is the number
    that it wants, where it says so.
    """

    code: str
    words: str
    says: Sentence
    stops: bool = False
    is_double: bool = False
    expected: int = 0


class Held(NamedTuple):
    """What a device has under a number: whose it is, for how much (minor units), and what it signed."""

    trader_no: str
    total: int
    signed: Signed


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """The fiscal side of a part of a document, for tills and papers; `number` is what it was sent under."""

    regime: str
    state: str
    part: int = 0
    business_id: int = 0
    number: int = 0
    receipt_no: int = 0
    total_no: int = 0
    unit: str = ""
    label: str = ""
    internal: str = ""
    signature: str = ""
    signed_at: str = ""
    qr: str = ""
    original: str = ""


class PaperLine(NamedTuple):
    """A line on paper: a name and a value, or words alone; a QR is words that are drawn as one."""

    words: str
    value: str = ""
    is_qr: bool = False
    is_bold: bool = False


class Regime(Protocol):
    """One authority's way.  Everything that asks its device raises `Unavailable` where no answer came."""

    @property
    def name(self) -> str:
        """How settings and tables call it."""
        ...

    @property
    def signs(self) -> bool:
        """Whether there is a device at all."""
        ...

    @property
    def in_shop(self) -> bool:
        """Whether its device stands on the shop's own network, where no certificate names it."""
        ...

    @property
    def needs(self) -> Sequence[Field]:
        """What an owner must say of a device."""
        ...

    @property
    def ceiling(self) -> timedelta:
        """So long a sale may stay unsigned before nothing more may be sold; nothing: for ever."""
        ...

    def check(self, device: Device) -> None:
        """Raise `Refused` for a device that cannot be one: a PIN or a branch of a wrong form."""
        ...

    def register(self, line: Line, device: Device) -> Registered | Declined:
        """Make the device ours, once; gives what it is known by from now on."""
        ...

    def status(self, line: Line, device: Device) -> str | Declined:
        """Whether it answers; gives its codes as they are now."""
        ...

    def entries(self, device: Device, invoice: FiscalInvoice, classes: Mapping[int, str]) -> list[Entry]:
        """What the device must know before it takes this invoice; `classes` are of products."""
        ...

    def enter(self, line: Line, device: Device, entry: Entry, number: int) -> str | Declined:
        """Tell the device of it, as its `number`-th; gives the code by which invoices name it."""
        ...

    def sign(
        self, line: Line, device: Device, invoice: FiscalInvoice, codes: Mapping[tuple[str, int], str]
    ) -> Signed | Declined:
        """Have an invoice signed; `codes` are of its entries, by kind and key."""
        ...

    def find(self, line: Line, device: Device, invoice: FiscalInvoice) -> Held | Declined | None:
        """What the device has under an invoice's number; None where it has nothing."""
        ...

    def paper(self, receipt: Receipt, *, is_copy: bool) -> list[PaperLine]:
        """What stands on paper for it, signed or not."""
        ...
