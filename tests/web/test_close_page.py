"""The page of a close in the back office: what was counted, what was expected, and what nobody found."""

from msgspec import structs

from pos_app.ledger.closing import MissingPayment, MoneyCount, PieceCount, Recount
from pos_app.ledger.drawer import Stretch
from pos_app.ledger.line import TenderKind
from tests.support.worlds.sync_fixtures import closing, opening
from tests.web.world import World


def test_the_page_of_a_close_says_what_was_counted_and_what_is_odd(world: World) -> None:
    journal = world.till.journal
    opened = journal.record_document(opening(world.till.who))
    close = closing(world.till.who, opened.document.document_id, 5_000_00)
    told = structs.replace(
        close,
        counted=4_900_00,
        removed=4_900_00,
        counts=(),
        stretch=Stretch(first_seq=1, sales=0, grand_total=10**9),
        other_money=(
            MoneyCount(
                kind=TenderKind.MPESA,
                times=2,
                expected=300_00,
                counted=200_00,
                missing=(
                    MissingPayment(
                        receipt_id=opened.document.document_id,
                        place=0,
                        amount=100_00,
                        reference="<b>QGH</b>",
                    ),
                ),
            ),
        ),
        pieces=(PieceCount(product_id=1, expected=5_000, counted=4_000),),
        recount=Recount(person_id=close.person_id, first=4_800_00, first_person_id=close.person_id),
    )
    sealed = journal.record_document(told)
    world.till.drain()
    browser = world.signed_in("OWNER")
    browser.get(f"/documents/one?key={sealed.document.document_id}")
    text = browser.text
    assert "What was counted" in text
    assert "M-Pesa (2) 300.00 200.00 \u2212100.00" in text, text
    # What stands in a reference is text, whatever somebody wrote into it.
    assert "<b>QGH</b> 100.00" in text
    assert "<b>QGH" not in browser.page.text
    assert "Cash, first counted by" in text
    assert "5 4 \u22121" in text
    # Neither the till's receipts nor its M-Pesa come to what it says.
    assert "It says receipts of 0.00" in text
    assert "It says that its shift took 300.00" in text, text[text.index("odd") :][:600]


def test_any_other_document_has_no_such_part(world: World) -> None:
    sold = world.till.sell()
    world.till.drain()
    browser = world.signed_in("OWNER")
    browser.get(f"/documents/one?key={sold.document.document_id}")
    assert "What was counted" not in browser.text
