"""On account with a balance that is old: less each hour that the centre is silent; a manager may go on."""

from datetime import timedelta

from sqlalchemy import text

from pos_app.ledger.document import Sale
from pos_app.ledger.house_rule import HouseRule
from pos_app.ledger.line import TenderKind
from pos_app.store.documents import settings
from pos_app.store.tables.columns import micros
from pos_app.till.session.errors import NeedsApproval
from pos_app.till.session.sign_in import Action
from tests.support.refused import raises
from tests.support.worlds.till_fixture import GOOD, MANAGER, Shop


def heard(shop: Shop) -> None:
    """The centre was heard of just now."""
    with shop.database.write() as connection:
        settings.put(connection, last_contact_us=str(micros(shop.clock.now())))


def test_what_may_go_on_account_shrinks_while_the_centre_is_silent(shop: Shop) -> None:
    shop.rule(HouseRule.CREDIT_WHOLE_HOURS, 24)
    shop.rule(HouseRule.CREDIT_NONE_HOURS, 72)
    heard(shop)
    shop.sell_on_account(GOOD, "GAS13")
    left = GOOD.credit_limit - 2_320_00
    assert shop.till.customers.credit_left(GOOD) == left
    shop.clock.advance(timedelta(hours=48))
    assert shop.till.customers.credit_left(GOOD) == left // 2
    shop.clock.advance(timedelta(hours=24))
    basket = shop.basket("GAS13")
    basket.set_customer(GOOD)
    taking = shop.till.checkout(basket)
    taking.add_tender(TenderKind.ACCOUNT, basket.totals().total)
    with raises(NeedsApproval, "credit-aged", left="0.00", hours="72"):
        taking.complete()
    done = taking.complete(shop.approval(Action.OVER_LIMIT))
    sale = shop.document(done.document_id)
    assert isinstance(sale, Sale)
    # It is within the limit itself: nothing went beyond it, and who allowed it stands on it.
    assert (sale.over_limit, sale.approver_id) == (0, MANAGER.person_id)
    heard(shop)
    shop.sell_on_account(GOOD, "GAS13")


def test_a_till_that_never_heard_of_the_centre_knows_nothing(shop: Shop) -> None:
    shop.rule(HouseRule.CREDIT_NONE_HOURS, 72)
    with shop.database.write() as connection:
        connection.execute(text("DELETE FROM setting WHERE name = 'last_contact_us'"))
    assert shop.till.customers.credit_left(GOOD) == 0
    assert shop.till.customers.credit(GOOD).hours == "?"
