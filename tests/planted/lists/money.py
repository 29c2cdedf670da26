"""Bugs of money that lies elsewhere: what a customer has with us, and bags on their way to the bank."""

from typing import Final

from tests.planted.bug import Bug

_RULES: Final = "pos_app/store/rules/"
_DEPOSIT: Final = "unit/till/test_deposit_tender.py"
_BAGS: Final = "unit/office/test_bank_bags.py"

BUGS: Final = (
    Bug(
        "a-deposit-is-plain-money",
        _RULES + "book_rules.py",
        "TenderKind.MPESA, TenderKind.BANK, TenderKind.CARD})",
        "TenderKind.MPESA, TenderKind.BANK, TenderKind.CARD, TenderKind.DEPOSIT})",
        "the books are not asked: a deposit that went out meanwhile pays a second time",
        (f"{_DEPOSIT}::test_what_went_out_of_it_meanwhile_is_judged_when_it_is_recorded",),
    ),
    Bug(
        "any-sale-is-plain",
        _RULES + "book_rules.py",
        "    return all(one.kind in _PLAIN_MONEY for one in document.tenders)\n",
        "    return True\n",
        "nobody asks whether what pays is still there",
        (f"{_DEPOSIT}::test_what_went_out_of_it_meanwhile_is_judged_when_it_is_recorded",),
    ),
    Bug(
        "some-deposit-is-enough",
        _RULES + "deposit_rules.py",
        "    if amount <= left:\n",
        "    if left > 0:\n",
        "a customer with one shilling on deposit pays for anything",
        (f"{_DEPOSIT}::test_what_went_out_of_it_meanwhile_is_judged_when_it_is_recorded",),
    ),
    Bug(
        "a-deposit-goes-into-the-hand",
        "pos_app/ledger/ways_back.py",
        "{TenderKind.ACCOUNT, TenderKind.POINTS, TenderKind.DEPOSIT}",
        "{TenderKind.ACCOUNT, TenderKind.POINTS}",
        "what was paid with a deposit comes back as cash from the drawer",
        (f"{_DEPOSIT}::test_it_goes_back_onto_the_deposit_and_never_into_the_hand",),
    ),
    Bug(
        "a-bag-arrives-twice",
        _RULES + "bag_rules.py",
        '        return said("bag-banked-before", bag=document.bag)'
        ' if _has_arrived(books, document.bag_id) else ""\n',
        '        return ""\n',
        "the bank has the money of one bag twice in the books",
        (f"{_BAGS}::test_a_bag_arrives_once_and_as_it_left",),
    ),
    Bug(
        "another-sum-left-than-arrives",
        _RULES + "bag_rules.py",
        "told != (bag.bag, bag.amount, bag.transit_account)",
        "document.bag != bag.bag",
        "the difference stays on its way to the bank for ever",
        (f"{_BAGS}::test_a_bag_arrives_once_and_as_it_left",),
    ),
    Bug(
        "a-bag-that-arrived-is-voided",
        _RULES + "bag_rules.py",
        "        if isinstance(original, BankBag) and _has_arrived(books, original.document_id):\n",
        "        if False:\n",
        "the money is in the safe again and at the bank",
        (f"{_BAGS}::test_the_bank_has_it",),
    ),
    Bug(
        "two-bags-of-one-number",
        _RULES + "bag_rules.py",
        "    if any(one.bag.bag == document.bag for one in waiting):\n",
        "    if any(one.bag.number == document.number for one in waiting):\n",
        "nobody knows which of them the bank has",
        ("unit/till/test_bank_bags.py::test_who_cannot_seal_one",),
    ),
    Bug(
        "a-short-bag-is-over",
        "pos_app/ledger/posting/treasury.py",
        "document.over_short_account, -over))",
        "document.over_short_account, over))",
        "a bag in which money was missing does not balance, and the bank's word is refused",
        ("unit/ledger/test_bank_bag.py::test_nothing_stays_on_its_way_and_the_difference_is_over_or_short",),
    ),
)
