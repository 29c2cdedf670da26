"""The house's rules: whole numbers that an organisation sets for itself, or for one depot, and tills obey.

Pure: where they stand is `store.master.house_rules`, who sets them `office.house_rules`.

Decisions
---------
2026-11-30  How a depot keeps its drawers and its paper are rules too, not settings in the file of a till:
whoever keeps the depot says them once, they stand in the log, and a machine that is replaced obeys them at
once.  A till alone says how wide the roll in its own printer is.  The smallest coin is none of them: it is
the organisation's (`office.masters.organisations`), for the centre holds every document against it.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple

from pos_app.ledger.errors import Refused


class HouseRule(StrEnum):
    """One rule; the values are what stands in the tables and travels."""

    LEAST_PIN_DIGITS = "least_pin_digits"
    IDLE_LOCK_MINUTES = "idle_lock_minutes"
    APPROVER_IS_ANOTHER = "approver_is_another"
    RECEIPT_WIDTH = "receipt_width"
    DRAWER_FLOAT = "drawer_float"
    BLIND_CLOSE = "blind_close"
    CLOSE_REASON_FROM = "close_reason_from"
    COUNT_OTHER_MONEY = "count_other_money"
    COUNT_CYLINDERS = "count_cylinders"
    DRAWER_MOST = "drawer_most"
    DRAWER_OF_PERSON = "drawer_of_person"
    VOUCHER_DAYS = "voucher_days"
    PAID_AT_INTAKE = "paid_at_intake"
    CREDIT_WHOLE_HOURS = "credit_whole_hours"
    CREDIT_NONE_HOURS = "credit_none_hours"
    DAY_STARTS = "day_starts"
    CUSTOMERS_AT_ONCE = "customers_at_once"
    PRODUCTS_AT_ONCE = "products_at_once"
    PRICES_AT_ONCE = "prices_at_once"
    IN_STORE_PREFIX = "in_store_prefix"
    LABEL_COLUMNS = "label_columns"
    LABEL_ROWS = "label_rows"
    COUNTRY_CODE = "country_code"


class Bounds(NamedTuple):
    """What a rule is where nobody set it, what it may be, and what it says.

    `only` are the values between which nothing lies.  `guards` is said of what watches over people: who may
    set it may change people.
    """

    default: int
    least: int
    most: int
    meaning: str
    only: tuple[int, ...] = ()
    guards: bool = False


#: Ten thousand million of the largest unit that a currency with two decimals has.
_MOST_MONEY: Final = 10**12

#: Of each rule.  4 to 8 digits are what the PIN pad of a till takes.
RULES: Final[Mapping[HouseRule, Bounds]] = {
    HouseRule.LEAST_PIN_DIGITS: Bounds(6, 4, 8, "so many digits a new PIN has at least", guards=True),
    HouseRule.IDLE_LOCK_MINUTES: Bounds(
        10, 0, 720, "a till locks after so many minutes without a key; 0: never", guards=True
    ),
    HouseRule.APPROVER_IS_ANOTHER: Bounds(
        0, 0, 1, "1: nobody approves what they do at the till themselves", guards=True
    ),
    HouseRule.RECEIPT_WIDTH: Bounds(80, 58, 80, "how wide the roll of receipts is, in mm", only=(58, 80)),
    HouseRule.DRAWER_FLOAT: Bounds(
        0, 0, _MOST_MONEY, "with so much a drawer is opened, in the smallest unit of the currency"
    ),
    HouseRule.BLIND_CLOSE: Bounds(
        1, 0, 1, "1: who counts a drawer is told what is expected only afterwards", guards=True
    ),
    HouseRule.CLOSE_REASON_FROM: Bounds(
        0,
        0,
        _MOST_MONEY,
        "from which difference on a close needs its reason, in that unit; 0: any",
        guards=True,
    ),
    HouseRule.COUNT_OTHER_MONEY: Bounds(
        1, 0, 1, "1: a close ticks or counts M-Pesa, bank, card and vouchers too", guards=True
    ),
    HouseRule.COUNT_CYLINDERS: Bounds(
        0, 0, 1, "1: a close counts the full and empty cylinders and bottles too", guards=True
    ),
    HouseRule.DRAWER_MOST: Bounds(
        0,
        0,
        _MOST_MONEY,
        "from so much cash on a till says to bring some to the safe, in that unit; 0: never",
    ),
    HouseRule.DRAWER_OF_PERSON: Bounds(
        0, 0, 1, "1: a drawer is one person's until they hand it over; 0: the till's", guards=True
    ),
    HouseRule.VOUCHER_DAYS: Bounds(0, 0, 3_650, "for so many days a voucher holds that is sold; 0: for ever"),
    HouseRule.PAID_AT_INTAKE: Bounds(
        0, 0, 100, "so many per cent of a laundry order are paid when the things are taken in; 0: nothing"
    ),
    HouseRule.CREDIT_WHOLE_HOURS: Bounds(
        0,
        0,
        8_760,
        "so many hours after the till heard of the centre all that is left of a limit may be sold",
    ),
    HouseRule.CREDIT_NONE_HOURS: Bounds(
        0,
        0,
        8_760,
        "after so many hours nothing of it may, and in between less each hour; 0: it never shrinks",
    ),
    HouseRule.DAY_STARTS: Bounds(
        0, 0, 720, "so many minutes after midnight a shift should end and another day of the shop begin"
    ),
    HouseRule.CUSTOMERS_AT_ONCE: Bounds(
        1, 0, 1, "1: a customer that a till asks for is one at once; 0: a person looks first"
    ),
    HouseRule.PRODUCTS_AT_ONCE: Bounds(
        1, 0, 1, "1: a product that a till asks for is one at once; 0: a person looks first"
    ),
    HouseRule.PRICES_AT_ONCE: Bounds(
        1, 0, 1, "1: a price that a till asks for holds at its depot that day; 0: a person looks first"
    ),
    # GS1 General Specifications 2.1.11: 20 to 29 are the shop's own; scales use the low ones.
    HouseRule.IN_STORE_PREFIX: Bounds(29, 20, 29, "how barcodes begin that the shop makes itself"),
    HouseRule.LABEL_COLUMNS: Bounds(3, 1, 10, "so many labels stand side by side on a sheet of A4"),
    HouseRule.LABEL_ROWS: Bounds(8, 1, 30, "so many labels stand one below the other on a sheet of A4"),
    HouseRule.COUNTRY_CODE: Bounds(
        0, 0, 999, "the country of telephones that are written as 0712…, 254 say; 0: they stay as they are"
    ),
}


def rule_named(name: str) -> HouseRule:
    """The rule that is meant, in any case and with - or _.  Raises `Refused` with those that there are."""
    try:
        return HouseRule(name.strip().lower().replace("-", "_"))
    except ValueError:
        raise Refused("house-rule-unknown", name=name[:40], rules=", ".join(RULES)) from None


def checked(rule: HouseRule, value: int) -> int:
    """A value that a rule may have.  Raises `Refused` for any other."""
    bounds = RULES[rule]
    if bounds.only and value not in bounds.only:
        raise Refused("house-rule-one-of", rule=rule.value, values=", ".join(map(str, bounds.only)))
    if not bounds.least <= value <= bounds.most:
        raise Refused("house-rule-value", rule=rule.value, least=bounds.least, most=bounds.most)
    return value
