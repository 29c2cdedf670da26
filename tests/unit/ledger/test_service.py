"""Services on things that customers leave: what breaks a rule is refused, nothing is posted, who may."""

from functools import partial

import pytest
from msgspec.structs import replace

from pos_app.ledger import canonical, rights
from pos_app.ledger.document import Document
from pos_app.ledger.money import MOST_MINOR
from pos_app.ledger.permission import Need, Permission
from pos_app.ledger.posting.rules import post
from pos_app.ledger.rules import rules
from pos_app.ledger.service_orders import Step
from tests.support.documents import book_specimens as books
from tests.support.documents import service_specimens as services
from tests.support.documents import specimens
from tests.support.documents.service_specimens import collecting, collecting_items, collecting_sale
from tests.support.documents.specimens import CUSTOMER, MOMENT, Item, sale
from tests.unit.ledger.breakers import Breakers, assert_refused, first, with_

P = Permission
ORDER = services.service_order(Item(9_000, 3_000, product_id=3), Item(120, 2_500, "X16", 4))
PLACED = replace(ORDER, terminal_no=3, seq=28, number=1)
READY = services.service_step(Step.READY)
BACK = services.service_step(Step.RETURNED, (0, 3, 1_000))
COLLECTED = collecting_sale(PLACED)

BROKEN: Breakers = {
    "nobody's": (lambda: with_(ORDER, customer_name="  "), "order-of-nobody"),
    "a novel for a name": (lambda: with_(ORDER, customer_name="x" * 61), "name-or-tag-too-long"),
    "a novel for a tag": (lambda: with_(ORDER, tag="x" * 41), "name-or-tag-too-long"),
    "nothing": (services.service_order, "service-order-empty"),
    "too much": (lambda: services.service_order(*[Item(1)] * 501), "service-order-too-long", {"most": 500}),
    "no quantity": (lambda: first(ORDER, quantity=0), "quantity-implausible-of"),
    "less than nothing": (lambda: first(ORDER, quantity=-1_000), "service-quantity-negative"),
    "absurd quantity": (lambda: first(ORDER, quantity=10**12), "quantity-implausible-of"),
    "negative price": (lambda: first(ORDER, unit_price=-1), "amount-out-of-range", {"rule": "zero or more"}),
    "absurd price": (lambda: first(ORDER, unit_price=MOST_MINOR + 1), "amount-too-large"),
    "absurd tax": (lambda: first(ORDER, tax_rate_bp=200_000), "tax-rate-implausible-of"),
    "tax that does not follow": (lambda: first(ORDER, tax=1), "net-and-tax-wrong"),
    "a novel for a note": (lambda: first(ORDER, note="x" * 201), "line-note-too-long"),
    "total off by one": (lambda: with_(ORDER, total=ORDER.total + 1), "totals-wrong"),
    "promised in 1970": (
        lambda: with_(ORDER, promised_on=19700101),
        "year-of-date-implausible",
        {"year": 1970},
    ),
    "promised in 2099": (
        lambda: with_(ORDER, promised_on=20990101),
        "year-of-date-implausible",
        {"year": 2099},
    ),
    "promised on no day": (lambda: with_(ORDER, promised_on=20261331), "not-a-day"),
    "step of no order": (lambda: with_(READY, order_id=0), "step-of-nothing"),
    "ready that gives back": (lambda: with_(READY, lines=BACK.lines), "ready-gives-lines-back"),
    "back for no reason": (lambda: with_(BACK, reason=" "), "reason-missing"),
    "back of nothing": (lambda: with_(BACK, lines=()), "returned-lines-missing"),
    "back of none": (lambda: first(BACK, quantity=0), "quantity-implausible-of"),
    "back of less": (lambda: first(BACK, quantity=-1_000), "returned-quantity-negative"),
    "back of a line that is none": (lambda: first(BACK, order_line=-1), "order-line-impossible"),
    "back twice": (lambda: with_(BACK, lines=BACK.lines * 2), "order-line-twice"),
    "sale of lines without an order": (lambda: with_(COLLECTED, order_id=None), "order-lines-without-order"),
    "sale of an order without lines": (lambda: with_(sale(Item(5)), order_id=7), "collects-no-line"),
    "sale of an order that is none": (lambda: with_(COLLECTED, order_id=0), "collects-no-line"),
    "sale of a line that is none": (lambda: first(COLLECTED, origin_line=-1), "order-line-impossible"),
    "sale of one line twice": (lambda: first(COLLECTED, origin_line=1), "order-line-twice"),
    "sale that takes back": (
        lambda: collecting(sale(Item(9_000, 1_000), Item(120, -1_000)), PLACED),
        "collected-quantity-negative",
    ),
    "invoice of lines without an order": (
        lambda: first(books.invoice(Item(500)), origin_line=0),
        "order-lines-without-order",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_breaks_a_rule_is_refused(name: str) -> None:
    assert_refused(BROKEN[name])


@pytest.mark.parametrize(
    "document",
    [
        ORDER,
        READY,
        BACK,
        COLLECTED,
        services.service_step(Step.CANCELLED, (1, 4, 2_500)),
        collecting_sale(PLACED, (0, 1_000)),
        collecting(books.invoice(*collecting_items(PLACED)), PLACED),
        with_(ORDER, party_id=CUSTOMER, customer_name="", tag="A 17"),
    ],
    ids=lambda document: type(document).__name__,
)
def test_whole_ones_pass(document: Document) -> None:
    rules.check(document)
    assert canonical.decode(canonical.encode(document)) == document


def test_nothing_is_posted_before_things_are_collected() -> None:
    assert post(PLACED) == post(READY) == post(BACK) == ((), (), (), ())
    void = specimens.reversal(PLACED)
    rules.check(void)
    assert post(void) == ((), (), (), ())


def test_a_sale_posts_the_same_whether_it_collects_or_not() -> None:
    plain = with_(
        COLLECTED, order_id=None, lines=tuple(with_(line, origin_line=None) for line in COLLECTED.lines)
    )
    assert post(COLLECTED) == post(plain)
    assert b"order_id" not in canonical.encode(plain)


NEEDED = [
    (ORDER, [P.SELL]),
    (services.service_order(services.service_line(Item(500), list_price=600)), [P.SELL, P.PRICE]),
    (READY, [P.SELL]),
    (BACK, [P.SELL, P.VOID]),
    (services.service_step(Step.CANCELLED, (0, 3, 1)), [P.SELL, P.VOID]),
    (COLLECTED, [P.SELL]),
    (specimens.reversal(PLACED), [P.SELL, P.VOID]),
]


@pytest.mark.parametrize(("document", "wanted"), NEEDED)
def test_who_may(document: Document, wanted: list[Permission]) -> None:
    assert [need.permission for need in rights.needs(document)] == wanted


def test_another_price_names_who_allowed_it() -> None:
    line = services.service_line(Item(500), list_price=600, price_approver_id=43)
    assert rights.needs(services.service_order(line))[1] == Need(P.PRICE, 43)
    # What was agreed then needs nobody's leave when it is collected.
    placed = replace(services.service_order(line), terminal_no=3, seq=5, number=1, occurred_at=MOMENT)
    assert rights.lacking(collecting_sale(placed), partial(_may, {P.SELL})) is None


def _may(held: set[Permission], person_id: int, asked: Permission) -> bool:
    return asked in held
