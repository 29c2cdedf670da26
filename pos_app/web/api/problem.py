"""What went wrong, as a program reads it: problem details (RFC 9457) with the code and the sentence."""

from typing import Final

import msgspec
from starlette.responses import Response

from pos_app.ledger.errors import BohariError, Damaged, Refused, Unavailable

MEDIA_TYPE: Final = "application/problem+json"
#: Codes that stand in the way of a token, and of nothing else.
_MAY_NOT: Final = frozenset(
    {"person-may-not", "person-may-not-here", "api-token-may-not", "web-line-not-safe", "token-by-token"}
)
_MEANWHILE: Final = "edited-meanwhile"
#: The short name of each status (RFC 9110).
_TITLES: Final = {
    400: "Bad request", 401: "Not signed in", 403: "Not allowed", 404: "Not found",
    405: "Method not allowed", 408: "Too slow", 409: "Conflict", 412: "Changed meanwhile", 413: "Too large",
    415: "Not JSON", 422: "Refused", 428: "If-Match missing", 429: "Too many requests", 500: "Fault",
    503: "Busy",
}  # fmt: skip


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """A problem: `code` is for programs, `detail` the sentence for a person, in the language that was asked
    for; `type` names the code as an URI.
    """

    type: str
    title: str
    status: int
    detail: str
    code: str


class Failed(Exception):
    """An answer that is a problem: a known error with its status, and what the headers say of it."""

    def __init__(self, error: BohariError, status: int, **headers: str) -> None:
        super().__init__(error.code)
        self.error = error
        self.status = status
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def failed(error: BohariError, *, writes: bool) -> Failed:
    """The problem that an error of the office is: what was asked wrongly, refused, or is a fault of ours."""
    if isinstance(error, Unavailable):
        return Failed(error, 503, retry_after="5")
    if isinstance(error, Damaged):
        return Failed(error, 500)
    if error.code in _MAY_NOT:
        return Failed(error, 403)
    if error.code == _MEANWHILE:
        return Failed(error, 412)
    if error.code.endswith("-taken"):
        return Failed(error, 409)
    return Failed(error, 422 if writes else 400)


def missing(error: Refused) -> Failed:
    """What the address names is not there."""
    return Failed(error, 404)


def answered(problem: Failed) -> Response:
    """The answer that tells it, in the language in force."""
    error, status = problem.error, problem.status
    told = Problem(
        type=f"urn:bohari:problem:{error.code}",
        title=_TITLES.get(status, "Problem"),
        status=status,
        detail=error.sentence,
        code=error.code,
    )
    return Response(msgspec.json.encode(told), status, media_type=MEDIA_TYPE, headers=problem.headers)
