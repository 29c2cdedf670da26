"""A bag for the bank sealed at the till: two people, one of whom may move money, and its slip."""

from pos_app.ledger.bank_bag import BankBag
from pos_app.till.session.sign_in import Proved
from tests.support.refused import refused
from tests.support.worlds.till_fixture import CASHIER, MANAGER, Shop

SAFE, TRANSIT = "1150", "1152"


def test_two_people_seal_a_bag(depot: Shop) -> None:
    depot.be(CASHIER)
    before = depot.account(SAFE)
    done = depot.till.bank_bags.seal("kcb 0012", 3_000_00, Proved(MANAGER), note="Friday")
    bag = depot.document(done.document_id)
    assert isinstance(bag, BankBag)
    assert (bag.bag, bag.amount, bag.person_id, bag.approver_id) == (
        "KCB0012", 3_000_00, CASHIER.person_id, MANAGER.person_id,
    )  # fmt: skip
    assert (depot.account(SAFE), depot.account(TRANSIT)) == (before - 3_000_00, 3_000_00)
    # Its slip prints; the drawer stays shut, for nothing left it.
    assert (depot.print_jobs()[-1].what, depot.print_jobs()[-1].kick) == ("receipt", False)
    assert [one.bag.bag for one in depot.till.bank_bags.on_their_way()] == ["KCB0012"]
    depot.be(MANAGER)
    depot.till.voids.void(done.document_id, "left in the safe")
    assert (depot.account(TRANSIT), depot.till.bank_bags.on_their_way()) == (0, [])


def test_who_cannot_seal_one(depot: Shop) -> None:
    seal = depot.till.bank_bags.seal
    depot.be(MANAGER)
    with refused("bag-counted-by-one"):
        seal("1", 1_00, Proved(MANAGER))
    for bag, amount, code in (
        ("", 1_00, "bag-without-number"),
        ("1", 0, "amount-not-positive"),
        ("1", -5, "amount-not-positive"),
        ("1", 10**17, "amount-too-large"),
    ):
        with refused(code):
            seal(bag, amount, Proved(CASHIER))
    seal("1", 1_00, Proved(CASHIER))
    with refused("bag-number-on-its-way"):
        seal(" 1 ", 2_00, Proved(CASHIER))
