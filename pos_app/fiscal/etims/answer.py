"""The answers of eTIMS: what its result codes mean, and what a person does about each."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import msgspec

from pos_app.fiscal.regime import Declined
from pos_app.language import Sentence, said
from pos_app.ledger.errors import Unavailable

#: Done: the specifications say 000 (OSCU) and 00 (VSCU), the live gateway 0 and 0000 too.
DONE: Final = frozenset({"000", "00", "0", "0000"})
#: A list that has nothing in it.
NOTHING: Final = "001"
DOUBLE: Final = "994"
#: What is wrong with the device, whatever is sent to it: no invoice would do better.
_DEVICE: Final = frozenset({"900", "901", "902", "903", "912"})
#: What passes by itself: server faults, and too many questions.
_PASSING: Final = frozenset({"894", "896", "899", "990", "999"})
_EXPECTED: Final = re.compile(r"[Ee]xpected(?: value)?: ?(\d{1,18})")
_MOST_WORDS: Final = 300
#: Amounts come as numbers of JSON: exact, as long as nothing makes a float of them.
_DECODER: Final = msgspec.json.Decoder(dict[str, Any], float_hook=Decimal)


def read(raw: bytes) -> dict[str, Any]:
    """An answer as a mapping; what the gateway of the authority wraps around it is taken off.

    Raises `Unavailable` for bytes that are no answer: the device may have done it.
    """
    try:
        found = _DECODER.decode(raw)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Unavailable("fiscal-answer-unreadable") from error
    header = found.get("responseHeader")
    if isinstance(header, dict):
        inner = found.get("responseBody")
        if not isinstance(inner, dict):
            # A refusal can stand in an envelope that says that all went well.
            return {
                "resultCd": str(header.get("responseCode", "")),
                "resultMsg": str(header.get("debugMessage") or header.get("customerMessage") or ""),
            }
        found = inner
    if not isinstance(found.get("resultCd"), str | int):
        raise Unavailable("fiscal-answer-unreadable")
    return found


def code_of(answer: Mapping[str, Any]) -> str:
    """Its result code."""
    return str(answer.get("resultCd", "")).strip()


def data_of(answer: Mapping[str, Any]) -> dict[str, Any]:
    """What it brings; empty where it brings nothing."""
    found = answer.get("data")
    return found if isinstance(found, dict) else {}


def declined(answer: Mapping[str, Any]) -> Declined:
    """What a refusal comes to.  Raises `Unavailable` for what passes by itself."""
    code, words = code_of(answer), str(answer.get("resultMsg") or "")[:_MOST_WORDS]
    if code in _PASSING:
        raise Unavailable("fiscal-device-busy", code=code, words=words)
    expected = _EXPECTED.search(words)
    return Declined(
        code,
        words,
        _says(code, words),
        stops=code in _DEVICE,
        is_double=code == DOUBLE,
        expected=int(expected.group(1)) if expected and code not in _DEVICE else 0,
    )


def _says(code: str, words: str) -> Sentence:
    if code in ("901", "903"):
        return said("etims-device-unknown", code=code, words=words)
    if code == "902":
        return said("etims-device-taken", code=code, words=words)
    if code == "900":
        return said("etims-key-wrong", code=code, words=words)
    return said("etims-declined", code=code, words=words)


def whole(value: object) -> int:
    """A number of an answer, which comes as a number or as text.  Raises `Unavailable` for what is none."""
    try:
        number = int(str(value))
    except ValueError as error:
        raise Unavailable("fiscal-answer-unreadable") from error
    if not 0 < number < 2**53:
        raise Unavailable("fiscal-answer-unreadable")
    return number


def minor(value: object) -> int:
    """An amount of an answer in minor units; -1 for what is none."""
    try:
        amount = Decimal(str(value)).scaleb(2)
    except InvalidOperation:
        return -1
    return int(amount) if amount.is_finite() and amount == amount.to_integral_value() else -1


def text(value: object, most: int = 200) -> str:
    """A text of an answer, without what no paper shows."""
    return "".join(sign for sign in str(value or "") if sign.isprintable())[:most]
