"""One interface for whoever confirms payments: ask a customer, ask what became of it, find, list, give back.

Decisions
---------
2026-12-01  Every movement has a key that we choose before a byte is sent, and the provider's own number for
it is kept beside that.  What was sent and not answered is `UNKNOWN`: it is asked about by its number, and
never sent again.  In the end a person looks; money that came all the same stands as a payment that no sale
took, so a late answer loses nothing.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol


class Provider(StrEnum):
    """Who confirms; the values are what stands in the tables and travels."""

    MPESA = "mpesa"
    AIRTEL = "airtel"
    BANK = "bank"


class Source(StrEnum):
    """How we know of a payment: the provider told it by itself, answered what we asked, or a list has it."""

    TOLD = "told"
    ASKED = "asked"
    STATUS = "status"
    LIST = "list"


class Confirmed(NamedTuple):
    """A payment as its provider confirms it.

    `number` is the till or paybill number that was paid, `code` the provider's code of it, `amount` minor
    units.  `phone` is as it came, which may be masked (2547 ***** 149) or a hash; `reference` what the
    customer typed as the account.
    """

    provider: Provider
    number: str
    code: str
    amount: int
    paid_at: datetime
    phone: str = ""
    payer: str = ""
    reference: str = ""
    source: Source = Source.TOLD


class Outcome(StrEnum):
    """What is known of something that was asked of a provider."""

    #: It waits for the customer, or for the provider.
    PENDING = "pending"
    DONE = "done"
    #: Nothing moved, and nothing will: cancelled, no money, a wrong PIN, too late.
    FAILED = "failed"
    #: Nothing was sent: it may be sent again.
    UNSENT = "unsent"
    #: It was sent, and nobody knows.
    UNKNOWN = "unknown"


class Heard(NamedTuple):
    """An answer: what became of it, the provider's number for it, and its words.

    `reason` is a word of ours for why it failed: cancelled, no-answer, no-money, wrong-pin, busy, refused.
    """

    outcome: Outcome
    handle: str = ""
    reason: str = ""
    words: str = ""
    payment: Confirmed | None = None


class PaymentProvider(Protocol):
    """Who is asked for payments.  Each call waits for the answer, and raises nothing that the other side
    could cause.
    """

    def ask(self, key: str, phone: str, amount: int, reference: str) -> Heard:
        """Ask a customer's phone for an amount in minor units."""
        ...

    def status(self, handle: str) -> Heard:
        """What became of an asking, by the number that the provider gave it."""
        ...

    def find(self, key: str, code: str) -> Heard:
        """Ask for a payment by its code; the answer comes later, under the handle."""
        ...

    def refund(self, key: str, code: str, amount: int) -> Heard:
        """Give a payment back to who made it; the answer comes later, under the handle."""
        ...

    def list(self, since: datetime, until: datetime) -> Sequence[Confirmed]:
        """What the provider knows to be paid between two moments.

        Raises `Unavailable` where it does not answer.
        """
        ...
