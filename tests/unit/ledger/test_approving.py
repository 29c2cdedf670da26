"""Proofs of approvals: of every type of document, over all of it, by a secret for one request."""

import msgspec
import pytest

from pos_app.ledger import approving, canonical
from pos_app.ledger.approving import Secret, Told, key_of
from pos_app.ledger.document import Document
from pos_app.ledger.head import Proof
from pos_app.ledger.judging import GRACE_US, Fit
from tests.support.documents import book_examples, specimens

SECRET, OTHER = b"s" * 32, b"o" * 32
APPROVER, SECOND = 71, 72
PREVIOUS = b"p" * 32
EXAMPLES = [*specimens.one_of_each(), *book_examples.books_of_each()]


def proved(document: Document, **secrets: bytes) -> Document:
    named = msgspec.structs.replace(document, approver_id=APPROVER)
    chosen = {APPROVER: secrets.get("by", SECRET)}
    return approving.proved(
        named, PREVIOUS, {one: key_of(secret, named.request_id) for one, secret in chosen.items()}
    )


def told(document: Document, body: bytes = b"", prev_hash: bytes = PREVIOUS) -> Told:
    body = body or canonical.encode(document)
    return Told(canonical.decode(body), prev_hash, body, 0)


@pytest.mark.parametrize("document", EXAMPLES, ids=lambda one: type(one).__name__)
def test_an_approval_of_every_type_is_proved_by_its_approver_alone(document: Document) -> None:
    done = proved(document)
    assert approving.is_proved(told(done), APPROVER, SECRET)
    assert not approving.is_proved(told(done), APPROVER, OTHER)
    assert not approving.is_proved(told(done), SECOND, SECRET)
    assert not approving.is_proved(told(done, prev_hash=bytes(32)), APPROVER, SECRET)
    # What it says without its proofs is what was said before there were any.
    assert canonical.encode(msgspec.structs.replace(done, proofs=())) == canonical.encode(
        msgspec.structs.replace(document, approver_id=APPROVER)
    )


def test_no_byte_of_what_was_approved_can_be_another() -> None:
    done = proved(specimens.sale(specimens.Item(1_000)))
    body = canonical.encode(done)
    assert approving.is_proved(told(done, body), APPROVER, SECRET)
    for place in range(len(body)):
        changed = bytearray(body)
        changed[place] ^= 1
        try:
            document = canonical.decode(bytes(changed))
        except Exception:  # noqa: BLE001 - no document any more
            continue
        assert not approving.is_proved(Told(document, PREVIOUS, bytes(changed), 0), APPROVER, SECRET), place


def test_a_key_is_good_for_its_request_alone() -> None:
    sale = msgspec.structs.replace(specimens.sale(specimens.Item(1_000)), approver_id=APPROVER)
    wrong = approving.proved(sale, PREVIOUS, {APPROVER: key_of(SECRET, "0" * 32)})
    assert not approving.is_proved(told(wrong), APPROVER, SECRET)


def test_what_a_newer_till_says_besides_stays_under_the_proof() -> None:
    sale = msgspec.structs.replace(specimens.sale(specimens.Item(1_000)), approver_id=APPROVER)
    blank = msgspec.structs.replace(sale, proofs=(Proof(APPROVER, bytes(32)),))

    def newer(document: Document, said: bytes) -> bytes:
        return canonical.encode(document)[:-1] + b',"of_tomorrow":' + said + b"}"

    hash_ = canonical.chain(PREVIOUS, newer(blank, b"1"))
    mac = approving._mac(key_of(SECRET, sale.request_id), hash_)
    done = msgspec.structs.replace(sale, proofs=(Proof(APPROVER, mac),))
    assert approving.is_proved(told(done, newer(done, b"1")), APPROVER, SECRET)
    assert not approving.is_proved(told(done, newer(done, b"2")), APPROVER, SECRET)


@pytest.mark.parametrize("mac", [b"", b"x", bytes(31), bytes(33), bytes(100_000)])
def test_a_proof_of_a_wrong_length_proves_nothing(mac: bytes) -> None:
    sale = msgspec.structs.replace(specimens.sale(specimens.Item(1_000)), approver_id=APPROVER)
    for proofs in ((Proof(APPROVER, mac),), (*proved(sale).proofs, Proof(APPROVER, mac))):
        wrong = msgspec.structs.replace(sale, proofs=proofs)
        assert not approving.is_proved(told(wrong), APPROVER, SECRET)
    many = msgspec.structs.replace(sale, proofs=proved(sale).proofs * 10_000)
    assert not approving.is_proved(told(many), APPROVER, SECRET)


def test_a_secret_that_was_replaced_is_an_old_one_and_before_the_first_nobody_asks() -> None:
    hour = GRACE_US
    known = (Secret(SECRET, 10 * hour, 20 * hour), Secret(OTHER, 20 * hour))
    done = proved(specimens.sale(specimens.Item(1_000)))
    bare = msgspec.structs.replace(done, proofs=())

    def at(document: Document, hours: int) -> Fit:
        return approving.fit(told(document)._replace(at_us=hours * hour), APPROVER, known)

    assert [at(done, hours) for hours in (5, 15, 20, 21, 30)] == [Fit.FITS] * 3 + [Fit.OLD] * 2
    assert [at(bare, hours) for hours in (5, 10, 11, 30)] == [Fit.FITS] * 2 + [Fit.NEVER] * 2
    assert approving.fit(told(bare), APPROVER, ()) is Fit.FITS
    damaged = (Secret(b"", 0),)
    assert approving.fit(told(done)._replace(at_us=9 * hour), APPROVER, damaged) is Fit.NEVER


def test_who_records_it_is_not_asked_for_a_proof() -> None:
    sale = specimens.sale(specimens.Item(1_000))
    own = msgspec.structs.replace(sale, approver_id=sale.person_id)
    assert approving.named(own) == ()
    lines = (msgspec.structs.replace(sale.lines[0], price_approver_id=SECOND),)
    both = msgspec.structs.replace(sale, approver_id=APPROVER, dated_by=SECOND, lines=lines)
    assert approving.named(both) == (APPROVER, SECOND)
