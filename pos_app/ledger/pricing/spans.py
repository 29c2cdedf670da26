"""What a unit cost over time, for whoever judges what was charged: each price with the moment it ended."""

from collections.abc import Sequence
from typing import NamedTuple

from pos_app.ledger.judging import FOREVER_US, Held
from pos_app.ledger.price import FINE, exact, fine_parts
from pos_app.ledger.pricing.listed import Wanted, listed, lists_for, scopes_of
from pos_app.ledger.pricing.rules import Asker, Level, Rules


class Question(NamedTuple):
    """So much of a product in one basket (thousandths), asked by somebody at a place, of all time."""

    product_id: int
    quantity: int
    asker: Asker


def list_spans(rules: Rules, question: Question, base: Sequence[Held], now_us: int) -> list[Held]:
    """What a unit cost by the lists, without what was agreed with the customer; what holds now comes first.

    `base` is what the product itself said, in ten-thousandths of a minor unit, and so is the answer.
    """
    if question.product_id not in rules.items:
        return list(base)
    return _spans(rules, question, base, now_us, contracts=False)


def contract_spans(rules: Rules, question: Question, now_us: int) -> list[tuple[int | None, int]]:
    """What a unit cost by the lists of the customer's contract; None where those said nothing."""
    found = _spans(rules, question, [Held(-1)], now_us, contracts=True)
    return [(None if value < 0 else value, until_us) for value, until_us in found]


def _spans(
    rules: Rules, question: Question, base: Sequence[Held], now_us: int, *, contracts: bool
) -> list[Held]:
    marks = {0, *(one.until_us for one in base if one.until_us < FOREVER_US)}
    items = rules.items.get(question.product_id, {})
    for key in scopes_of(question.asker):
        for scope in rules.scopes.get(key, ()):
            marks |= {scope.from_us, scope.to_us}
            marks |= {moment for one in items.get(scope.list_id, ()) for moment in (one.from_us, one.to_us)}
    begins = sorted(mark for mark in marks if mark <= now_us)
    ends = [*begins[1:], FOREVER_US]
    found: list[Held] = []
    for begin, end in zip(reversed(begins), reversed(ends), strict=True):
        value = _at(rules, question, base, begin, contracts=contracts)
        if found and found[-1].value == value:
            continue
        found.append(Held(value, end))
    return found


def _at(rules: Rules, question: Question, base: Sequence[Held], at_us: int, *, contracts: bool) -> int:
    asker = question.asker._replace(at_us=at_us)
    lists = [one for one in lists_for(rules, asker) if (one.level is Level.CONTRACT) is contracts]
    held = min((one for one in base if one.until_us > at_us), key=lambda one: one.until_us, default=base[0])
    wanted = Wanted(question.product_id, question.quantity, exact(*divmod(held.value, FINE)))
    return fine_parts(listed(rules, lists, at_us, wanted, abs(question.quantity)).price)
