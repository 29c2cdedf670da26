"""Approval from afar: what is asked comes back out of its figures, and an answer is good for that alone."""

import hmac
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from msgspec import structs

from pos_app.ledger import remote_approval
from pos_app.ledger.document import Document
from pos_app.ledger.errors import Refused
from pos_app.ledger.head import FromAfar
from pos_app.ledger.permission import Permission
from pos_app.ledger.remote_approval import ACTIONS, Asked
from tests.support.documents import specimens
from tests.support.refused import refused

SECRET, OTHER, WRAP = b"s" * 32, b"o" * 32, "wrap1:manager"
KEYS = remote_approval.keys_of(SECRET, WRAP)
MANAGER = 71
ASKED = Asked("refund", 3, 7, 120_000, 12_345_678)

asking = some.builds(
    Asked,
    some.sampled_from([one.value for one in ACTIONS]),
    some.integers(0, 10**9 - 1),
    some.integers(0, 10**9 - 1),
    some.integers(0, 10**14),
    some.integers(0, 10**8 - 1),
)


@given(asking)
@settings(max_examples=60)
def test_what_is_asked_comes_back_out_of_its_figures(asked: Asked) -> None:
    figures = remote_approval.written(asked)
    again = remote_approval.read(remote_approval.grouped(figures))
    assert again._replace(amount=0) == asked._replace(amount=0)
    # Of a very large sum the last figures are rounded up, never down.
    assert asked.amount <= again.amount < asked.amount + max(1, asked.amount // 10**7)
    assert asked.amount >= 10**9 or again.amount == asked.amount
    assert remote_approval.written(again) == figures


@given(asking, some.data())
@settings(max_examples=60)
def test_a_figure_that_was_misheard_is_seen(asked: Asked, data: some.DataObject) -> None:
    figures = remote_approval.written(asked)
    at = data.draw(some.integers(0, len(figures) - 1))
    wrong = data.draw(some.sampled_from([one for one in "0123456789" if one != figures[at]]))
    with refused("remote-challenge-unreadable"):
        remote_approval.read(figures[:at] + wrong + figures[at + 1 :])


@pytest.mark.parametrize(
    "typed", ["", " ", "97", "1", "-", "٣" * 24, "1" * 10_000, "0" * 24, "DROP TABLE", "9" * 24, "1e9"]
)
def test_what_is_no_challenge_is_refused_with_a_sentence(typed: str) -> None:
    with refused("remote-challenge-unreadable"):
        remote_approval.read(typed)


def test_what_fits_into_no_challenge_is_not_asked_from_afar() -> None:
    for asked in (
        ASKED._replace(terminal_no=10**9),
        ASKED._replace(amount=-1),
        ASKED._replace(action="sell"),
    ):
        with refused("remote-approval-not-here"):
            remote_approval.written(asked)


def test_a_code_answers_its_challenge_and_no_other() -> None:
    figures = remote_approval.written(ASKED)
    code = remote_approval.answered(KEYS, figures)
    assert remote_approval.answer_in(KEYS.shared, figures, remote_approval.grouped(code)) == code[:6]
    for other in (
        ASKED._replace(amount=120_001),
        ASKED._replace(action="void"),
        ASKED._replace(terminal_no=4),
        ASKED._replace(person_id=8),
        ASKED._replace(tag=12_345_679),
    ):
        assert remote_approval.answer_in(KEYS.shared, remote_approval.written(other), code) is None
    assert remote_approval.answer_in(remote_approval.shared_of("wrap1:other"), figures, code) is None


@pytest.mark.parametrize("typed", ["", "1", "000000000000", "12345678901a", "٣" * 12, "1" * 5_000])
def test_a_guess_is_nobodys_answer(typed: str) -> None:
    assert remote_approval.answer_in(KEYS.shared, remote_approval.written(ASKED), typed) is None


def test_tills_share_nothing_that_answers_for_a_person() -> None:
    """What the code is checked with is made of what lies at the till; the other half of nothing there."""
    figures = remote_approval.written(ASKED)
    own = remote_approval.answered(KEYS, figures)[:6]
    assert own != remote_approval.answered(remote_approval.keys_of(OTHER, WRAP), figures)[:6]
    assert KEYS.shared == hmac.digest(WRAP.encode(), b"bohari approval from afar, check 1", "sha256")


# --- judging ----------------------------------------------------------------------------------------------


@dataclass
class Given:
    """A document, and what was answered for it."""

    document: Document
    action: str
    amount: int
    request_id: str = ""
    salt: int = 5

    def answered(self, secret: bytes = SECRET) -> FromAfar:
        tag = remote_approval.tag_of(self.request_id or self.document.request_id, self.salt)
        head = self.document
        asked = Asked(self.action, head.terminal_no, head.person_id, self.amount, tag)
        code = remote_approval.answered(remote_approval.keys_of(secret, WRAP), remote_approval.written(asked))
        return FromAfar(MANAGER, self.action, self.amount, self.salt, tag, code[:6])

    def named(self, *given: FromAfar) -> Document:
        return structs.replace(self.document, approver_id=MANAGER, from_afar=given or (self.answered(),))


def is_answered(document: Document, secret: bytes = SECRET) -> bool:
    return remote_approval.is_answered(document, MANAGER, secret)


SALE = specimens.sale(specimens.Item(1_000))


def test_an_answer_is_judged_with_the_secret_of_who_gave_it() -> None:
    document = Given(SALE, "over_limit", 0).named()
    assert is_answered(document)
    assert not is_answered(document, OTHER)
    assert not is_answered(structs.replace(document, person_id=document.person_id + 1))
    assert not is_answered(structs.replace(document, terminal_no=document.terminal_no + 1))
    assert not is_answered(structs.replace(document, from_afar=()))


def test_an_answer_for_one_request_is_none_for_another() -> None:
    once = Given(SALE, "over_limit", 0)
    assert is_answered(once.named())
    assert not is_answered(structs.replace(once.named(), request_id="5" * 32))
    # Nor is one whose tag was made for another and is named as it was.
    assert not is_answered(Given(SALE, "over_limit", 0, request_id="5" * 32).named())


def test_more_than_was_asked_about_is_not_approved() -> None:
    much = structs.replace(SALE, over_limit=50_000)
    assert is_answered(Given(much, "over_limit", 50_000).named())
    assert not is_answered(Given(much, "over_limit", 49_999).named())
    # The same answer twice is no second one.
    twice = Given(much, "over_limit", 25_000).answered()
    assert not is_answered(Given(much, "over_limit", 25_000).named(twice, twice))
    other = Given(much, "over_limit", 25_000, salt=6).answered()
    assert is_answered(Given(much, "over_limit", 25_000).named(twice, other))


def test_an_action_of_which_nothing_was_asked_is_lacking() -> None:
    document = Given(SALE, "price", 0).named()
    assert not remote_approval.lacks(document, MANAGER, [Permission.DISCOUNT_20, Permission.PRICE])
    assert remote_approval.lacks(document, MANAGER, [Permission.PRICE, Permission.REFUND])


@pytest.mark.parametrize("hostile", [b"", b"\xff"])
def test_a_forged_entry_is_no_answer_and_no_fault(hostile: bytes) -> None:
    for made in (
        FromAfar(MANAGER, "price", -5, 0, 0, "000000"),
        FromAfar(MANAGER, "no such", 0, 0, 0, ""),
        FromAfar(MANAGER, "price", 10**30, 0, 10**30, "9" * 1_000),
        FromAfar(MANAGER, "price", 0, -(10**30), -1, "é" * 6),
    ):
        assert not is_answered(Given(SALE, "price", 0).named(made))
    crowd = [FromAfar(MANAGER, "price", 0, salt, 0, "000000") for salt in range(500)]
    assert not is_answered(Given(SALE, "price", 0).named(*crowd))
    with pytest.raises(Refused):
        remote_approval.read(hostile.decode("latin-1"))
