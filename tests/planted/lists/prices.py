"""Bugs of what something costs somebody here now, and why."""

from typing import Final

from tests.planted.bug import Bug

_PRICING: Final = "pos_app/ledger/pricing/"
_TEST: Final = "unit/ledger/test_pricing.py"
_PACK: Final = "unit/ledger/test_pack.py"
_JUDGED: Final = "unit/sync/test_packs_judged.py"
_INVOICES: Final = (
    "unit/office/test_invoices.py::test_promotions_take_off_an_invoice_what_they_take_off_at_a_till",
)
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
    Bug(
        "a-pack-loses-its-cents",
        "pos_app/ledger/pack.py",
        "    return of_fine_parts(divide_half_up(price * FINE * ONE, size))\n",
        "    return of_fine_parts(price * ONE // size * FINE)\n",
        "a case of twelve for 250.00 comes to 249.96",
        (f"{_PACK}::test_whole_packs_come_to_their_price_or_are_refused",),
    ),
    Bug(
        "eighteen-pieces-are-packs-of-twelve",
        "pos_app/ledger/pack.py",
        '    if quantity % packed.size:\n        raise Refused("pack-not-whole"',
        '    if quantity < packed.size:\n        raise Refused("pack-not-whole"',
        "single pieces are sold at the price of the case",
        (f"{_PACK}::test_parts_of_a_pack_are_no_packs",),
    ),
    Bug(
        "one-bottle-comes-back-as-a-case",
        "pos_app/ledger/line_parts.py",
        "        pack=None if line.pack is None or quantity % line.pack.size else line.pack,\n",
        "        pack=line.pack,\n",
        "a refund of one piece says that it is in packs, and the centre sets it aside",
        (f"{_PACK}::test_however_a_pack_comes_back_the_parts_are_the_pack",),
    ),
    Bug(
        "a-barcode-that-was-taken-off-is-found",
        "pos_app/store/master/packs.py",
        '    " AND b.unit_code = p.unit_code AND b.active = 1"\n',
        '    " AND b.unit_code = p.unit_code"\n',
        "what is on other goods now sells the old case",
        (f"{_JUDGED}::test_a_case_is_found_by_any_of_its_barcodes_while_they_are_on_it",),
    ),
    Bug(
        "an-honest-case-is-flagged",
        "pos_app/store/rules/price_judge.py",
        "known.prices if isinstance(line, ServiceLine) else known.prices_in(line.pack)",
        "known.prices",
        "every case that is sold calls the owner, who looks at no flag any more",
        (f"{_JUDGED}::test_an_honest_case_is_as_usual",),
    ),
    Bug(
        "a-promotion-takes-off-another-tax",
        "pos_app/office/invoicing.py",
        "bool(goods.discount) or is_otherwise\n",
        "bool(goods.discount)\n",
        "a line that somebody said another tax of is promised a discount by nobody",
        _INVOICES,
    ),
    Bug(
        "a-promotion-off-a-price-that-was-said",
        "pos_app/office/listed_prices.py",
        "fixed=one.fixed or said.fixed",
        "fixed=one.fixed",
        "what was agreed by word is taken off once more",
        _INVOICES,
    ),
    Bug(
        "an-invoice-forgets-which-promotion",
        "pos_app/office/invoicing.py",
        "discount=quote.discount, **off))",
        "discount=quote.discount))",
        "what a promotion took off stands in the books as somebody's own discount",
        _INVOICES,
    ),
)
