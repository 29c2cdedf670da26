"""Signatures of requests and answers: what they hold for, and what an independent library says of them."""

import base64
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    algorithms,
)
from http_message_signatures.exceptions import InvalidSignature

from sync.protocol import fingerprint, first_signature, plain_http, signature

# The same in every process: the names of some cases hold what they signed.
TERMINAL, CENTRE, OTHER = (Ed25519PrivateKey.from_private_bytes(bytes([number] * 32)) for number in (1, 2, 3))
BODY, ANSWER = b"the question", b"the answer"
TYPE = "application/x-bohari"


def public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


def asked(**other: Any) -> dict[str, str]:
    said: dict[str, Any] = {"terminal": "1.2", "path": "/v1/pull", "body": BODY, "number": 7, "created_s": 9}
    return signature.request_headers(TERMINAL, **{**said, **other}, media_type=TYPE)


def answered(to: Mapping[str, str], key: Ed25519PrivateKey = CENTRE, **other: Any) -> dict[str, str]:
    said: dict[str, Any] = {"status": 200, "body": ANSWER, "media_type": TYPE, "created_s": 10}
    return signature.answer_headers(key, asked=to, **{**said, **other})


class Message:
    """A request or an answer as the library wants it."""

    def __init__(self, headers: Mapping[str, str], request: "Message | None" = None) -> None:
        self.headers = dict(headers)
        if request is None:
            self.method, self.url = "POST", "http://centre/v1/pull"
        else:
            self.status_code, self.request = 200, request


class Keys(HTTPSignatureKeyResolver):
    """The library's way to a key."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    def resolve_public_key(self, key_id: str) -> Any:
        return self._key.public_key()

    def resolve_private_key(self, key_id: str) -> Any:
        return self._key


def library_reads(message: Message, key: Ed25519PrivateKey) -> None:
    judge = HTTPMessageVerifier(signature_algorithm=algorithms.ED25519, key_resolver=Keys(key))
    judge.verify(message, max_age=timedelta(days=365_000))


@pytest.mark.parametrize(
    "more", [{}, {"next_key": public(OTHER)}, {"retry_after": "5", "next_key": b"n" * 32}]
)
def test_an_independent_library_reads_our_signatures(more: dict[str, Any]) -> None:
    question = asked()
    library_reads(Message(question), TERMINAL)
    library_reads(Message(answered(question, **more), Message(question)), CENTRE)
    with pytest.raises(InvalidSignature):
        library_reads(Message(question), CENTRE)
    with pytest.raises(InvalidSignature):
        library_reads(Message(answered(question), Message(asked(number=8))), CENTRE)


def test_we_read_what_an_independent_library_signs() -> None:
    question = Message(
        {"content-type": TYPE, "content-digest": signature.digest_of(BODY), "bohari-terminal": "1.2"}
    )
    parts = ("@method", "@path", "content-type", "content-digest", "bohari-terminal")
    signer = HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=Keys(TERMINAL))
    signer.sign(
        question,
        key_id="1.2",
        nonce="7",
        label="bohari",
        tag="bohari-2",
        covered_component_ids=parts,
        use_existing_digest=True,
    )
    head = {name.lower(): value for name, value in question.headers.items()}
    # The parameters may stand in any order for the standard, in ours for us.
    created = head["signature-input"].split("created=")[1].split(";")[0]
    ours = asked(created_s=int(created))
    assert set(head["signature-input"].split(";")) == set(ours["signature-input"].split(";"))


def test_a_request_is_of_its_terminal_and_of_nothing_else() -> None:
    read = signature.read_request("/v1/pull", asked())
    assert read is not None
    assert (read.terminal, read.number, read.created_s) == ("1.2", 7, 9)
    assert signature.is_signed_by(public(TERMINAL), read)
    assert not signature.is_signed_by(public(OTHER), read)
    assert not signature.is_signed_by(b"short", read)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("content-type", "text/html"),
        ("content-digest", signature.digest_of(b"another")),
        ("bohari-terminal", "2.2"),
        ("signature-input", asked(number=8)["signature-input"]),
        ("signature-input", asked(created_s=8)["signature-input"]),
        ("signature-input", asked()["signature-input"].replace(' "content-type"', "")),
        ("signature-input", asked()["signature-input"] + ", " + asked()["signature-input"]),
        ("signature-input", ""),
        ("signature", asked(body=b"x")["signature"]),
        ("signature", "bohari=:☃:"),
        ("signature", ""),
    ],
)
def test_a_request_with_another_head_is_not_signed(name: str, value: str) -> None:
    read = signature.read_request("/v1/pull", asked() | {name: value})
    assert read is None or not signature.is_signed_by(public(TERMINAL), read)


def test_a_request_for_another_path_is_not_signed() -> None:
    read = signature.read_request("/v1/push", asked())
    assert read is not None
    assert not signature.is_signed_by(public(TERMINAL), read)


def test_an_answer_is_to_its_question_and_says_what_it_says() -> None:
    question = asked()
    head = answered(question, retry_after="3", next_key=public(OTHER), status=503)
    read = signature.read_answer(503, head, ANSWER, question)
    assert read == signature.SignedAnswer(public(CENTRE), public(OTHER), 10, "3")
    for wrong in (
        signature.read_answer(200, head, ANSWER, question),
        signature.read_answer(503, head, b"another", question),
        signature.read_answer(503, head, ANSWER, asked(number=8)),
        signature.read_answer(503, head, ANSWER, asked(terminal="1.3")),
        signature.read_answer(503, head | {"retry-after": "9"}, ANSWER, question),
        signature.read_answer(503, head | {"content-type": "text/html"}, ANSWER, question),
        signature.read_answer(
            503, head | {"bohari-next-key": base64.b64encode(b"m" * 32).decode()}, ANSWER, question
        ),
        signature.read_answer(503, {**head, "signature": "bohari=::"}, ANSWER, question),
        signature.read_answer(503, {}, ANSWER, question),
    ):
        assert wrong is None


def test_what_an_answer_does_not_cover_is_as_if_it_had_not_come() -> None:
    question = asked()
    slipped = {"retry-after": "99", "bohari-next-key": base64.b64encode(b"m" * 32).decode()}
    read = signature.read_answer(200, answered(question) | slipped, ANSWER, question)
    assert read is not None
    assert (read.retry_after, read.next_key) == ("", b"")


def test_whoever_signs_nothing_is_not_answered_with_a_signature() -> None:
    assert answered({}) == {"content-type": TYPE}


def test_a_signature_of_the_first_protocol_holds_for_its_request_only() -> None:
    head = first_signature.headers(TERMINAL, "1.2", "POST", "/v1/push", BODY)
    given = head[first_signature.SIGNATURE_HEADER]
    right = {
        "terminal": "1.2",
        "method": "POST",
        "path": "/v1/push",
        "digest": first_signature.digest_of(BODY),
    }
    assert first_signature.is_signed_by(public(TERMINAL), given, **right)
    for name, value in {"terminal": "1.3", "method": "PUT", "path": "/v1/pull", "digest": "0"}.items():
        assert not first_signature.is_signed_by(public(TERMINAL), given, **{**right, name: value})
    assert not first_signature.is_signed_by(public(TERMINAL), "no base64 ☃", **right)
    assert not first_signature.is_signed_by(b"short", given, **right)


def test_a_fingerprint_is_read_however_it_is_typed() -> None:
    said = fingerprint.of(public(CENTRE))
    assert said != fingerprint.of(public(OTHER))
    assert fingerprint.plain(said.lower().replace("-", " ")) == said.replace("-", "")
    assert fingerprint.parted(fingerprint.with_code("ABCDE-FGHJK", public(CENTRE)).lower()) == (
        "ABCDEFGHJK",
        said.replace("-", ""),
    )
    assert fingerprint.parted("ABCDE-FGHJK") == ("ABCDE-FGHJK", "")
    for wrong in ("", "ABCD", said + "A", "O" * 16):
        assert fingerprint.plain(wrong) == ""


@pytest.mark.parametrize(
    ("url", "is_open"),
    [
        ("http://127.0.0.1:8400", False),
        ("http://[::1]:8400", False),
        ("http://localhost", False),
        ("https://pos.example", False),
        ("http://pos.example", True),
        ("http://10.0.0.2", True),
        ("http://127.0.0.1.evil.example", True),
        ("http://127.0.0.1@evil.example", True),
        ("HTTP://evil.example", True),
        ("http://[::bad", False),
        ("nonsense", False),
    ],
)
def test_which_addresses_are_open_to_readers(url: str, is_open: bool) -> None:
    assert plain_http.is_open(url) is is_open
