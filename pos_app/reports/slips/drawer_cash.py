"""Why there is in a drawer what the books expect: the lines of the Z report above the expected sum."""

from collections.abc import Sequence
from typing import NamedTuple

from pos_app.devices.paper import Block, Columns
from pos_app.ledger.currency import Currency
from pos_app.ledger.money import grouped_text
from pos_app.reports.slips.titles import flow_words


class CashFlow(NamedTuple):
    """Cash in (positive) or out of a drawer for one reason, in minor units, by how many documents."""

    reason: str
    amount: int
    times: int


def flow_lines(flows: Sequence[CashFlow], money: Currency) -> list[Block]:
    """One line a reason, with how many documents where there is more than one."""
    return [
        Columns(
            f"{flow_words(one.reason)} ({one.times})" if one.times > 1 else flow_words(one.reason),
            grouped_text(one.amount, money),
        )
        for one in flows
    ]
