"""Bugs of what something costs somebody here now, and why."""

from typing import Final

from tests.planted.bug import Bug

_PRICING: Final = "pos_app/ledger/pricing/"
_TEST: Final = "unit/ledger/test_pricing.py"
_ANY_RULES: Final = f"{_TEST}::test_any_rules_give_what_the_naive_model_gives"

BUGS: Final = (
    Bug(
        "what-was-known-first-counts",
        _PRICING + "listed.py",
        "        return self.level, -self.since_us, self.price, self.list_id\n",
        "        return self.level, self.since_us, self.price, self.list_id\n",
        "of two lists the one that was there before goes on, and the new one is never charged",
        (f"{_TEST}::test_two_lists_that_say_different", _ANY_RULES),
    ),
    Bug(
        "a-group-comes-before-the-customer",
        _PRICING + "rules.py",
        "    ScopeKind.CUSTOMER: Level.CUSTOMER,\n    ScopeKind.GROUP: Level.GROUP,\n",
        "    ScopeKind.CUSTOMER: Level.GROUP,\n    ScopeKind.GROUP: Level.CUSTOMER,\n",
        "a customer's own list is beaten by that of their group",
        (f"{_TEST}::test_the_nearest_that_says_anything_counts", _ANY_RULES),
    ),
    Bug(
        "promotions-stack",
        _PRICING + "offers.py",
        "                found[line.place] = Offer(promotion, discount)\n",
        "                before = found[line.place].discount if line.place in found else 0\n"
        "                found[line.place] = Offer(promotion, discount + before)\n",
        "a customer gets two promotions on top of each other",
        (f"{_TEST}::test_the_best_of_two_and_not_their_sum", _ANY_RULES),
    ),
    Bug(
        "a-night-belongs-to-the-day-on-which-it-ends",
        _PRICING + "hours.py",
        "_is_on(days, (weekday - 1) % _WEEK)",
        "_is_on(days, weekday)",
        "Friday's happy hours end at midnight, and Saturday's begin there",
        (f"{_TEST}::test_days_and_hours_are_those_of_the_shops_wall", _ANY_RULES),
    ),
    Bug(
        "the-dearest-is-free",
        _PRICING + "offers.py",
        "key=lambda line: (-fine_parts(line.price), line.place)",
        "key=lambda line: (fine_parts(line.price), line.place)",
        "of three for two the dearest costs nothing",
        (f"{_TEST}::test_three_for_two_of_the_dearest_first", _ANY_RULES),
    ),
)
