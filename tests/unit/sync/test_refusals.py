"""An error travels with its code and facts, and a side that does not know them reads the sentence."""

from collections.abc import Iterator

import msgspec
import pytest

from pos_app.language import heard, said, use_language
from sync.client.errors import ServerRefused
from sync.protocol import wire
from sync.protocol.messages import Code, ErrorAnswer
from sync.protocol.refusals import packed, unpacked


@pytest.fixture
def swahili() -> Iterator[None]:
    use_language("sw")
    yield
    use_language("en")


def travelled(answer: ErrorAnswer) -> ErrorAnswer:
    return wire.unpack(wire.pack(answer), ErrorAnswer)


@pytest.mark.usefixtures("swahili")
def test_a_till_says_a_server_s_refusal_in_its_own_language() -> None:
    sent = packed(Code.VERSION, said("drawer-holds-too-little", held="1,250.00"))
    assert sent.sentence == "The drawer holds 1,250.00 only; put cash in first or choose another way."
    refusal = ServerRefused(unpacked(travelled(sent)), verdict=sent.code)
    assert (refusal.code, refusal.facts) == ("drawer-holds-too-little", {"held": "1,250.00"})
    assert "1,250.00" in refusal.sentence
    assert "drawer" not in refusal.sentence
    assert str(refusal) == sent.sentence


@pytest.mark.usefixtures("swahili")
@pytest.mark.parametrize(
    "answer",
    [
        ErrorAnswer(code="refused", sentence="A newer rule says no."),
        ErrorAnswer(code="refused", sentence="A newer rule says no.", error="newer-rule", facts={"n": 3}),
        # Its facts are not those that our sentence names.
        ErrorAnswer(code="refused", sentence="A newer rule says no.", error="drawer-holds-too-little"),
    ],
)
def test_what_a_till_does_not_know_it_shows_as_it_was_said(answer: ErrorAnswer) -> None:
    assert ServerRefused(unpacked(travelled(answer)), verdict="").sentence == "A newer rule says no."


def test_a_till_of_yesterday_reads_verdict_and_sentence() -> None:
    class Yesterday(msgspec.Struct, kw_only=True):
        code: str
        sentence: str

    read = wire.unpack(wire.pack(packed(Code.BUSY, said("sync-fault"))), Yesterday)
    assert (read.code, read.sentence) == ("busy", str(said("sync-fault")))


def test_any_fact_can_travel() -> None:
    inner = said("drawer-holds-too-little", held="3.00")
    sent = travelled(packed(Code.REFUSED, heard("It is so.", "at-place", {"n": 2**80, "why": inner})))
    assert sent.facts == {"n": str(2**80), "why": str(inner)}
