"""Why there is in a drawer what the books expect: the lines of the Z report above the expected sum."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from pos_app.devices.paper import Block, Columns
from pos_app.ledger.currency import Currency
from pos_app.ledger.money import grouped_text

_WORDS: Final = {
    "float": "Float",
    "sale": "Sales in cash",
    "payment": "Payments received",
    "refund": "Refunds",
    "pay_in": "Cash in",
    "pay_out": "Cash out",
    "expense": "Expenses",
    "transfer_in": "Moved into the drawer",
    "transfer_out": "Moved out of the drawer",
    "safe_drop": "To the safe",
    "reversal": "Voids",
    "other": "Other",
}


class CashFlow(NamedTuple):
    """Cash in (positive) or out of a drawer for one reason, in minor units, by how many documents."""

    reason: str
    amount: int
    times: int


def flow_words(reason: str) -> str:
    """A reason in words; one without its own is said as it is called: "Employee advance"."""
    return _WORDS.get(reason) or reason.replace("_", " ").capitalize()


def flow_lines(flows: Sequence[CashFlow], money: Currency) -> list[Block]:
    """One line a reason, with how many documents where there is more than one."""
    return [
        Columns(
            f"{flow_words(one.reason)} ({one.times})" if one.times > 1 else flow_words(one.reason),
            grouped_text(one.amount, money),
        )
        for one in flows
    ]
