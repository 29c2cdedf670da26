"""What a customer's bank reads to pay this sale: a PayNow code with its sum and a reference of its own."""

import secrets
from typing import Final, NamedTuple

from pos_app.payments import paynow
from pos_app.payments.paynow import Proxy
from pos_app.till.session.context import Context

#: Letters and digits that nobody misreads.
_SIGNS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_MOST_SIGNS: Final = 7


class PayNow(NamedTuple):
    """Makes them for a till; there are some where the business said under what it is paid, in dollars of
    Singapore.
    """

    context: Context

    def new_reference(self) -> str:
        """A reference that no other sale has, for the bank's statement to find it; empty for no PayNow."""
        place = self.context.place
        if not place.business.paynow or place.currency.code != paynow.CURRENCY:
            return ""
        mark = "".join(secrets.choice(_SIGNS) for _ in range(_MOST_SIGNS))
        return f"{place.number_prefix}{place.terminal.terminal_no}-{mark}"

    def code(self, reference: str, amount: int) -> str:
        """What the QR says, for an amount in cents."""
        business = self.context.place.business
        return paynow.payload(Proxy.of(business.paynow), amount, reference, business.name)
