"""How a depot keeps its drawers and its paper, as a person says it and as it is kept: a house rule each.

The tills of the depot obey as soon as they have synced; what a depot does not say is as for all depots.
"""

from collections.abc import Callable, Mapping
from typing import Final

from pos_app.ledger.currency import Currency
from pos_app.ledger.errors import Refused
from pos_app.ledger.house_rule import RULES, HouseRule, checked
from pos_app.ledger.money import decimal_text, parse_money
from pos_app.office import house_rules
from pos_app.office.books import Books
from pos_app.office.office import Office
from pos_app.store.master import house_rules as kept

_MINUTES: Final = 60
_YES: Final = {"yes": 1, "no": 0}
#: What is said as an amount, with what the amount is called.
_AMOUNTS: Final = {"float": "The float", "reason_from": "The difference", "drawer_most": "The most cash"}

#: What a person calls each, in the order in which they are shown.
NAMES: Final[Mapping[str, HouseRule]] = {
    "receipt_width": HouseRule.RECEIPT_WIDTH,
    "float": HouseRule.DRAWER_FLOAT,
    "blind_close": HouseRule.BLIND_CLOSE,
    "reason_from": HouseRule.CLOSE_REASON_FROM,
    "count_other_money": HouseRule.COUNT_OTHER_MONEY,
    "count_cylinders": HouseRule.COUNT_CYLINDERS,
    "drawer_most": HouseRule.DRAWER_MOST,
    "drawer_of_person": HouseRule.DRAWER_OF_PERSON,
    "voucher_days": HouseRule.VOUCHER_DAYS,
    "paid_at_intake": HouseRule.PAID_AT_INTAKE,
    "day_starts": HouseRule.DAY_STARTS,
}


#: And all that there are, as they are said for the whole organisation.
EVERYWHERE: Final[Mapping[str, HouseRule]] = {
    **NAMES,
    **{rule.value: rule for rule in HouseRule if rule not in NAMES.values()},
}


def everywhere(office: Office) -> dict[str, str]:
    """What holds at every depot that says nothing of its own, as a person says it."""
    with office.read() as books:
        rules = kept.at_depot(books.connection, books.org_id, None)
        money = books.organisation.currency
    return {name: _written(name, rules[rule], money) for name, rule in EVERYWHERE.items()}


def set_everywhere(office: Office, said: Mapping[str, str]) -> bool:
    """Set what is said otherwise than it stands, for all depots; gives whether anything changed.

    Raises `Refused` for what a rule cannot be, and for who may not set one of those that change.
    """
    money, before = office.organisation.currency, everywhere(office)
    told = {
        EVERYWHERE[name]: checked(EVERYWHERE[name], _read(name, text.strip(), money))
        for name, text in said.items()
        if text.strip() != before[name]
    }
    stands = _stands(office)
    changed = {rule: value for rule, value in told.items() if value != stands[rule]}
    if not changed:
        return False
    with office.change(house_rules.may_set(next(iter(changed)))) as books:
        for rule, value in changed.items():
            office.need(books.connection, house_rules.may_set(rule))
            kept.put(books.connection, books.org_id, rule, None, value)
    return True


def _stands(office: Office) -> Mapping[HouseRule, int]:
    with office.read() as books:
        return kept.at_depot(books.connection, books.org_id, None)


def read(said: Mapping[str, str], money: Currency) -> dict[HouseRule, int]:
    """What was said of a depot as rules.  Raises `Refused` for what one cannot be."""
    return {
        NAMES[name]: checked(NAMES[name], _read(name, text.strip(), money)) for name, text in said.items()
    }


def written(rules: Mapping[HouseRule, int], money: Currency) -> dict[str, str]:
    """Rules as a person says them."""
    return {name: _written(name, rules[rule], money) for name, rule in NAMES.items()}


def _written(name: str, value: int, money: Currency) -> str:
    return _WRITE.get(name, _yes if _is_switch(name) else _plain)(value, money)


def _is_switch(name: str) -> bool:
    bounds = RULES[EVERYWHERE[name]]
    return (bounds.least, bounds.most) == (0, 1)


def put(office: Office, books: Books, depot_id: int, rules: Mapping[HouseRule, int]) -> bool:
    """Set what a depot says, inside the caller's transaction; gives whether anything changed.

    Raises `Refused` for who may not.
    """
    before = kept.at_depot(books.connection, books.org_id, depot_id)
    for rule, value in rules.items():
        office.need(books.connection, house_rules.may_set(rule))
        kept.put(books.connection, books.org_id, rule, depot_id, value)
    return any(before[rule] != value for rule, value in rules.items())


def at_depot(books: Books, depot_id: int) -> dict[str, str]:
    """What holds at a depot, as a person says it."""
    rules = kept.at_depot(books.connection, books.org_id, depot_id)
    return written(rules, books.organisation.currency)


def _read(name: str, text: str, money: Currency) -> int:
    if name in _AMOUNTS:
        amount = parse_money(text, money, _AMOUNTS[name])
        if amount < 0:
            raise Refused("depot-amount-negative")
        return amount
    if _is_switch(name):
        if text.lower() not in _YES:
            if name == "blind_close":
                raise Refused("blind-close-yes-or-no", text=text[:20])
            raise Refused("depot-rule-yes-or-no", rule=name, text=text[:20])
        return _YES[text.lower()]
    if name == "day_starts":
        return _minutes(text)
    if not (text.isascii() and text.isdecimal() and len(text) <= 6):
        raise Refused("depot-number-wrong", text=text[:20])
    return int(text)


def _minutes(text: str) -> int:
    hours, colon, minutes = text.partition(":")
    figures = hours + minutes
    if not (colon and figures.isascii() and figures.isdecimal() and len(minutes) == 2 and len(hours) <= 2):
        raise Refused("depot-hour-wrong", text=text[:20])
    if int(minutes) >= _MINUTES:
        raise Refused("depot-hour-wrong", text=text[:20])
    return int(hours) * _MINUTES + int(minutes)


def _plain(value: int, _: Currency) -> str:
    return str(value)


def _yes(value: int, _: Currency) -> str:
    return "yes" if value else "no"


_WRITE: Final[Mapping[str, Callable[[int, Currency], str]]] = {
    "float": decimal_text,
    "reason_from": decimal_text,
    "drawer_most": decimal_text,
    "day_starts": lambda value, _: f"{value // _MINUTES:02}:{value % _MINUTES:02}",
}
