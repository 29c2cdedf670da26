"""Batch and last day of goods: read off the pack, kept on the line, on the document and on the paper."""

from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest

from pos_app.devices.typeset import Line, typeset
from pos_app.ledger import canonical
from pos_app.ledger.line import TenderKind
from pos_app.ledger.lot import NO_LOT, Lot
from pos_app.ledger.quantity import ONE
from pos_app.store.tables import master
from pos_app.till.paper.paperwork import paper_of
from pos_app.till.selling.basket import Basket
from pos_app.till.selling.basket_state import BasketState, decoded
from pos_app.till.session.errors import NeedsApproval
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Action
from tests.support.documents.specimens import ORG
from tests.support.refused import refused
from tests.support.worlds.till_fixture import CASHIER, GOOD, MANAGER, PRODUCTS, Shop

#: The shop's clock stands on 2026-11-20 in the middle of the day.
TODAY, YESTERDAY = "261120", "261119"
GTIN = f"0{PRODUCTS['SOAP'].barcode}"
#: Every kind of sign that a batch may have: GS1 General Specifications, figure 7.11-1.
ODD = "aZ9!\"%&'()*+,-./:;<="


def scan(shop: Shop, basket: Basket, more: str, *, quantity: int = ONE, action: Action | None = None) -> int:
    product, size, lot, _ = shop.till.catalogue.scan(f"]C101{GTIN}{more}")
    approval = None if action is None else shop.approval(action)
    return basket.add(product, quantity * size // ONE, lot, approval)


def lots(basket: Basket) -> list[tuple[str, int | None, int]]:
    return [(line.batch, line.expires_on, line.quantity) for line in basket.lines]


def words(shop: Shop) -> str:
    job = shop.print_jobs()[-1]
    pieces = typeset(paper_of(shop.till._context, job))
    return "\n".join(piece.text for piece in pieces if isinstance(piece, Line))


def back(shop: Shop, sold: Recorded) -> Recorded:
    receipt = shop.till.refunds.find(sold.number)
    approval = shop.approval(Action.REFUND)
    return shop.till.refunds.complete(receipt, {0: ONE}, TenderKind.CASH, "leaks", approval)


# --- reading -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "lot"),
    [
        (f"]C101{GTIN}17261231" + "10AB-1", Lot("AB-1", 20261231)),
        (f"]C101{GTIN}10AB-1\x1d17261231", Lot("AB-1", 20261231)),
        (f"(01){GTIN}(17)261231(10)AB-1", Lot("AB-1", 20261231)),
        (f"https://id.gs1.org/01/{GTIN}/10/AB-1?17=261231", Lot("AB-1", 20261231)),
        (f"https://id.gs1.org/01/{GTIN}/10/AB%2F1?15=270200", Lot("AB/1", 20270228)),
        # A day 00 is the last of its month, in a leap year too.
        (f"]C101{GTIN}17261100", Lot("", 20261130)),
        (f"]C101{GTIN}17280200", Lot("", 20280229)),
        # Best before counts where nothing says when it expires.
        (f"]C101{GTIN}15261130", Lot("", 20261130)),
        (f"]C101{GTIN}1526113017261231", Lot("", 20261231)),
        # GS1 General Specifications 7.12: the century that is nearest.
        (f"]C101{GTIN}17990101", Lot("", 19990101)),
        (f"]C101{GTIN}17760101", Lot("", 20760101)),
        (f"]C101{GTIN}10{ODD}", Lot(ODD, None)),
        (f"(01){GTIN}(10){ODD}", Lot(ODD, None)),
        (PRODUCTS["SOAP"].barcode, NO_LOT),
        ("SOAP", NO_LOT),
    ],
)
def test_what_the_pack_says_is_read(shop: Shop, code: str, lot: Lot) -> None:
    found = shop.till.catalogue.scan(code)
    assert (found.product.sku, found.lot) == ("SOAP", lot)


# --- the basket ----------------------------------------------------------------------------------------


def test_two_batches_are_two_lines_and_the_same_joins_its_own(shop: Shop) -> None:
    basket = shop.till.baskets.new()
    for more in ("17261231" + "10A", "17261231" + "10B", "17261231" + "10A", "", "17270101" + "10A", ""):
        scan(shop, basket, more)
    assert lots(basket) == [
        ("A", 20261231, 2 * ONE),
        ("B", 20261231, ONE),
        ("", None, 2 * ONE),
        ("A", 20270101, ONE),
    ]


def test_a_parked_basket_keeps_its_lots(shop: Shop) -> None:
    basket = shop.till.baskets.new()
    scan(shop, basket, "17261231" + f"10{ODD}")
    basket.park("soap")
    again = shop.till.baskets.take_up(shop.till.baskets.parked()[0].request_id)
    assert lots(again) == [(ODD, 20261231, ONE)]


def test_a_basket_parked_before_lots_were_kept_is_taken_up(shop: Shop) -> None:
    basket = shop.basket("SOAP")
    basket.park("old")
    draft = shop.till.baskets.parked()[0]
    body = msgspec.msgpack.decode(draft.body)
    for line in body["lines"]:
        for field in ("batch", "expires_on", "expiry_approver"):
            del line[field]
    old = replace(draft, body=msgspec.msgpack.encode(body))
    state: BasketState = decoded(old)
    assert [(line.batch, line.expires_on) for line in state.lines] == [("", None)]


# --- past the last day -----------------------------------------------------------------------------------


@pytest.mark.parametrize("more", [f"17{TODAY}", "17261100", f"15{TODAY}", ""])
def test_goods_are_sold_up_to_their_last_day(shop: Shop, more: str) -> None:
    basket = shop.till.baskets.new()
    scan(shop, basket, more)
    assert shop.document(shop.pay_cash(basket).document_id).approver_id is None


@pytest.mark.parametrize("more", [f"17{YESTERDAY}", f"15{YESTERDAY}", "17261000", "17990101"])
def test_goods_past_their_last_day_need_somebody(shop: Shop, more: str) -> None:
    basket = shop.till.baskets.new()
    with pytest.raises(NeedsApproval) as asked:
        scan(shop, basket, f"{more}10L7")
    assert (asked.value.code, asked.value.action) == ("past-expiry-needs-approval", "price")
    assert "L7" in asked.value.sentence
    with refused("past-expiry-needs-approval"):
        scan(shop, basket, f"{more}10L7", action=Action.REFUND)
    assert not basket.lines
    scan(shop, basket, f"{more}10L7", action=Action.PRICE)
    scan(shop, basket, f"{more}10L7")  # the same lot is not asked again
    with refused("past-expiry-needs-approval"):
        scan(shop, basket, f"{more}10L8")
    assert shop.document(shop.pay_cash(basket).document_id).approver_id == MANAGER.person_id


def test_who_may_change_prices_sells_them_alone(shop: Shop) -> None:
    shop.be(MANAGER)
    basket = shop.till.baskets.new()
    scan(shop, basket, f"17{YESTERDAY}")
    assert shop.document(shop.pay_cash(basket).document_id).approver_id is None


def test_goods_whose_last_day_passed_in_a_parked_basket_are_asked_before_the_money(shop: Shop) -> None:
    basket = shop.till.baskets.new()
    scan(shop, basket, f"17{TODAY}")
    # 23:59 in Nairobi is 20:59 UTC: the day is the depot's own.
    shop.clock.advance(timedelta(hours=11, minutes=29))
    basket.allow_past(None)
    shop.clock.advance(timedelta(minutes=1))
    with refused("past-expiry-needs-approval"):
        shop.pay_cash(basket)
    basket.allow_past(shop.approval(Action.PRICE))
    assert shop.till.checkout(basket).complete().total == 99_99


def test_what_comes_back_is_not_asked(shop: Shop) -> None:
    basket = shop.till.baskets.new()
    scan(shop, basket, f"17{YESTERDAY}", quantity=-ONE)
    assert lots(basket) == [("", 20261119, -ONE)]


# --- documents and paper ---------------------------------------------------------------------------------


def test_sale_refund_and_their_papers_name_the_lot(shop: Shop) -> None:
    basket = shop.till.baskets.new()
    scan(shop, basket, "17261231" + f"10{ODD}", quantity=2 * ONE)
    sold = shop.pay_cash(basket)
    line = shop.document(sold.document_id).lines[0]
    assert (line.batch, line.expires_on) == (ODD, 20261231)
    assert f"  Lot {ODD} exp. 31.12.2026" in words(shop).split("\n")
    refund = shop.document(back(shop, sold).document_id)
    assert [(one.batch, one.expires_on) for one in refund.lines] == [(ODD, 20261231)]
    assert f"  Lot {ODD} exp. 31.12.2026" in words(shop).split("\n")
    assert shop.drifts() == []


def test_goods_without_a_lot_say_nothing_of_one(shop: Shop) -> None:
    sold = shop.sell("SOAP")
    assert "Lot" not in words(shop)
    assert b"batch" not in canonical.encode(shop.document(sold.document_id))


def test_an_invoice_of_a_basket_and_of_its_draft_names_the_lot(shop: Shop) -> None:
    shop.be(MANAGER)
    for by_draft in (False, True):
        basket = shop.till.baskets.new()
        scan(shop, basket, "17261231" + "10AB-1")
        basket.set_customer(GOOD)
        if by_draft:
            draft = shop.till.invoicing.save_draft(basket)
            made = shop.till.invoicing.issue_draft(draft.request_id)
        else:
            made = shop.till.invoicing.issue(basket)
        lines = shop.document(made.document_id).lines
        assert [(one.batch, one.expires_on) for one in lines] == [("AB-1", 20261231)]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"batch": "x" * 21}, "batch-implausible"),
        ({"batch": "a\nb"}, "batch-implausible"),
        ({"expires_on": 20261131}, "not-a-day"),
        ({"expires_on": 0}, "not-a-day"),
    ],
)
def test_a_lot_that_no_pack_can_name_is_no_document(shop: Shop, change: dict[str, object], code: str) -> None:
    basket = shop.basket("SOAP")
    basket.lines[0] = msgspec.structs.replace(basket.lines[0], expiry_approver=CASHIER.person_id, **change)
    with refused(code):
        shop.pay_cash(basket)


def test_a_draft_dated_after_the_last_day_asks_when_it_is_issued(shop: Shop) -> None:
    with shop.database.write() as connection:
        connection.execute(
            master.role_permission.insert().values(
                org_id=ORG, grant_id=9_999, role="cashier", permission="invoice", valid_from_us=0
            )
        )
    basket = shop.till.baskets.new()
    scan(shop, basket, f"17{TODAY}10L7")
    basket.set_customer(GOOD)
    draft = shop.till.invoicing.save_draft(basket)
    shop.clock.advance(timedelta(days=1))
    shop.till.invoicing.change_draft(draft, dated_on=20261121, due_on=20261221)
    with refused("past-expiry-needs-approval"):
        shop.till.invoicing.issue_draft(draft.request_id)
    made = shop.till.invoicing.issue_draft(draft.request_id, shop.approval(Action.PRICE))
    assert shop.document(made.document_id).approver_id == MANAGER.person_id


def test_goods_of_a_lot_sold_by_meter_keep_it(shop: Shop) -> None:
    basket = shop.till.baskets.new()
    at = scan(shop, basket, f"17{YESTERDAY}10L7", action=Action.PRICE)
    product = shop.till.catalogue.by_id(basket.lines[at].product_id)
    metered = basket.add_metered(product, 1_000, 3_500, basket.lines[at].lot)
    basket.remove(at)
    assert lots(basket) == [("L7", 20261119, 2_500)]
    assert metered == 1
    sale = shop.document(shop.pay_cash(basket).document_id)
    assert (sale.lines[0].batch, sale.approver_id) == ("L7", MANAGER.person_id)


def test_an_invoice_beyond_the_limit_of_goods_past_their_day_takes_both_approvals(shop: Shop) -> None:
    with shop.database.write() as connection:
        connection.execute(
            master.role_permission.insert().values(
                org_id=ORG, grant_id=9_999, role="cashier", permission="invoice", valid_from_us=0
            )
        )
        connection.execute(master.party_role.update().values(credit_limit=1))
    basket = shop.till.baskets.new()
    scan(shop, basket, f"17{TODAY}10L7")
    basket.set_customer(GOOD)
    draft = shop.till.invoicing.save_draft(basket)
    shop.clock.advance(timedelta(days=1))
    shop.till.invoicing.change_draft(draft, dated_on=20261121, due_on=20261221)
    with refused("credit-limit-exceeded"):
        shop.till.invoicing.issue_draft(draft.request_id)
    limit = shop.approval(Action.OVER_LIMIT)
    with refused("past-expiry-needs-approval"):
        shop.till.invoicing.issue_draft(draft.request_id, limit)
    given = replace(shop.approval(Action.PRICE), others=(limit,))
    made = shop.till.invoicing.issue_draft(draft.request_id, given)
    assert shop.document(made.document_id).approver_id == MANAGER.person_id
