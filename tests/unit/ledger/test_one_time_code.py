"""One-time codes are those of RFC 6238, hold for a minute around now, and are taken once."""

from datetime import UTC, datetime
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from pos_app.ledger import one_time_code

#: RFC 6238, appendix B, SHA-1; the last six of its eight digits.
SECRET = b"12345678901234567890"
VECTORS = {
    59: "287082",
    1_111_111_109: "081804",
    1_111_111_111: "050471",
    1_234_567_890: "005924",
    2_000_000_000: "279037",
    20_000_000_000: "353130",
}


@pytest.mark.parametrize(("second", "code"), VECTORS.items())
def test_the_codes_of_the_standard(second: int, code: str) -> None:
    at, step = datetime.fromtimestamp(second, UTC), second // one_time_code.STEP_S
    assert one_time_code.code_at(SECRET, step) == code
    assert one_time_code.step_of(SECRET, f" {code[:3]} {code[3:]} ", at, 0) == step


def test_a_code_is_taken_once_and_not_for_long() -> None:
    at = datetime.fromtimestamp(1_111_111_111, UTC)
    step = 1_111_111_111 // one_time_code.STEP_S
    for away in (-1, 0, 1):
        assert one_time_code.step_of(SECRET, one_time_code.code_at(SECRET, step + away), at, 0) == step + away
    for away in (-2, 2):
        assert one_time_code.step_of(SECRET, one_time_code.code_at(SECRET, step + away), at, 0) is None
    assert one_time_code.step_of(SECRET, "050471", at, step) is None
    for nonsense in ("", "05047", "0504711", "٠٥٠٤٧١", "abcdef"):
        assert one_time_code.step_of(SECRET, nonsense, at, 0) is None


def test_what_an_authenticator_reads() -> None:
    address = urlsplit(one_time_code.uri(SECRET, "Bohari Mama's & Co", "OWN"))
    assert (address.scheme, address.netloc, unquote(address.path)) == (
        "otpauth",
        "totp",
        "/Bohari Mama's & Co:OWN",
    )
    values = parse_qs(address.query)
    assert one_time_code.read(values["secret"][0]) == SECRET
    assert values["issuer"] == ["Bohari Mama's & Co"]
