"""Where the house wants another to approve, the centre holds every type of document to it."""

import msgspec
import pytest

from pos_app.ledger.document import Document
from pos_app.ledger.flagging import APPROVED_BY_SELLER
from pos_app.ledger.judging import Held
from pos_app.ledger.permission import SELLERS_OWN
from pos_app.ledger.rights import needs
from pos_app.store.organisation.rights import Rights
from pos_app.store.rules import approval_judge
from pos_app.store.rules.then import Then
from pos_app.till.session import sign_in
from tests.support.documents import book_examples, specimens

ANOTHER = 99
EXAMPLES = [
    one
    for one in (*specimens.one_of_each(), *book_examples.books_of_each())
    if any(need.permission in SELLERS_OWN for need in needs(one))
]


def approved_by(document: Document, person_id: int | None) -> Document:
    changes: dict[str, object] = {"approver_id": person_id}
    lines = getattr(document, "lines", ())
    if any(hasattr(line, "price_approver_id") for line in lines):
        changes["lines"] = tuple(msgspec.structs.replace(line, price_approver_id=person_id) for line in lines)
    done: Document = msgspec.structs.replace(document, **changes)
    return done


def judged(document: Document, rule: int = 1, depot_id: int = 0) -> list[str]:
    then = Then(another={depot_id: [Held(rule)]})
    nobody = Rights({}, {})
    return [one.kind.code for one in approval_judge.judge(then, nobody, document)]


@pytest.mark.parametrize("document", EXAMPLES, ids=lambda one: type(one).__name__)
def test_its_maker_alone_does_not_approve_it(document: Document) -> None:
    assert judged(approved_by(document, None)) == [APPROVED_BY_SELLER.code]
    assert judged(approved_by(document, document.person_id)) == [APPROVED_BY_SELLER.code]
    assert judged(approved_by(document, ANOTHER)) == []
    assert judged(approved_by(document, None), rule=0) == []
    assert judged(approved_by(document, None), depot_id=document.depot_id + 1) == []


def test_all_types_that_a_till_makes_so_are_among_them() -> None:
    kinds = {type(one).__name__ for one in EXAMPLES}
    assert {"Refund", "Reversal", "CashMovement", "DrawerClose", "CreditNote", "ServiceStep"} <= kinds


def test_till_and_centre_hold_people_to_the_same() -> None:
    assert {one.value for one in sign_in.SELLERS_OWN} == {one.value for one in SELLERS_OWN}
