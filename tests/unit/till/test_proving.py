"""What proves an approval at the till: the PIN that was typed last, for as long as the approval is held."""

from pos_app.ledger.approving import key_of
from pos_app.ledger.line import CashCount
from pos_app.till.session.proving import Proving, Secret
from pos_app.till.session.sign_in import Action, Approval
from tests.support.worlds.till_fixture import GOOD, MANAGER, Shop

REQUEST = "0" * 32


def test_of_two_pins_of_one_person_the_last_typed_counts() -> None:
    """Their PIN was changed while an approval by the one before was still held."""
    proving, secrets = Proving(), [bytes([number]) * 32 for number in range(20)]
    held = []
    for secret in secrets:
        held.append(Secret(secret))
        proving.give(2, held[-1])
        assert proving.key(2, REQUEST) == key_of(secret, REQUEST)
    while held:
        assert proving.key(2, REQUEST) == key_of(secrets[len(held) - 1], REQUEST)
        held.pop()
    assert proving.key(2, REQUEST) is None


def _allow(shop: Shop) -> None:
    """The manager types their PIN for the date of what is recorded next; nobody else keeps their secret."""
    secret = Secret(b"s" * 32)
    shop.till._context.proving.give(MANAGER.person_id, secret)
    shop.till.allow_date(Approval(MANAGER, Action.BACKDATE, secret=secret))
    del secret
    assert shop.till._context.proving.key(MANAGER.person_id, REQUEST) is not None


def test_with_the_close_of_the_drawer_what_proved_its_date_is_gone(shop: Shop) -> None:
    shop.be(MANAGER)
    _allow(shop)
    shop.till.drawer.close((CashCount(value=1_000_00, pieces=5),))
    assert shop.till._context.proving.key(MANAGER.person_id, REQUEST) is None


def test_with_the_invoice_of_a_draft_what_proved_its_date_is_gone(depot: Shop) -> None:
    basket = depot.basket("GAS13")
    basket.set_customer(GOOD)
    draft = depot.till.invoicing.save_draft(basket)
    _allow(depot)
    depot.till.invoicing.issue_draft(draft.request_id)
    assert depot.till._context.proving.key(MANAGER.person_id, REQUEST) is None
