"""One delivery of a webhook: signed, and posted to an address that was looked at.

Signed by Standard Webhooks 1.0.0 (github.com/standard-webhooks/standard-webhooks): `webhook-id`,
`webhook-timestamp` in whole seconds of this try, and in `webhook-signature` for each secret that counts
`v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`.

Decisions
---------
2026-12-01  The name is looked up here, each address of the answer is judged, and the connection is made to
the one that was judged, with the name as it was in the certificate's check: a name that leads elsewhere at
the second asking leads nowhere.  One address of the inside among others refuses them all.  No proxy of the
environment is used, and no redirect is followed: both would connect for us.

2026-12-01  Of the answer nothing is kept but its number and when to come again.  So much of its body is read
that the line can be used for the next one; a body without an end is cut.
"""

import asyncio
import base64
import hashlib
import hmac
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from email.utils import parsedate_to_datetime
from typing import Final, NamedTuple

import httpx

from pos_app.ledger.errors import Refused
from pos_app.store.hooks import address
from pos_app.store.hooks.address import Address, Target

#: For the whole of a try: name, connection, certificate, sending, answer.
TOTAL_S: Final = 15.0
_CONNECT_S: Final = 5.0
_READ_S: Final = 10.0
#: What is read of an answer's body.
_MOST_ANSWER: Final = 16_384
_MOST_ADDRESSES: Final = 4
_PREFIX: Final = "whsec_"
_AGENT: Final = "Bohari-Webhooks/1"

#: Looks a name up: (name, port) gives its addresses.
LookUp = Callable[[str, int], Sequence[str]]


class Outcome(NamedTuple):
    """How a try ended: the answer's number (0: none came), why not, and in how many seconds to come again."""

    status: int
    error: str = ""
    retry_after_s: float = 0.0

    @property
    def arrived(self) -> bool:
        """Whether the other side took it."""
        return 200 <= self.status < 300

    @property
    def is_out_of_reach(self) -> bool:
        """Whether it is the address that does not answer, and not this one delivery that it does not like."""
        return self.status == 0 or self.status in (429, 502, 503, 504)


def signature(secrets: Sequence[str], event_id: str, timestamp: int, body: bytes) -> str:
    """What stands in `webhook-signature`."""
    signed = f"{event_id}.{timestamp}.".encode() + body
    made = []
    for secret in secrets:
        key = base64.b64decode(secret.removeprefix(_PREFIX))
        made.append("v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode())
    return " ".join(made)


def headers(secrets: Sequence[str], event_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """What a delivery carries beside its body."""
    return {
        "content-type": "application/json",
        "user-agent": _AGENT,
        "webhook-id": event_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(secrets, event_id, timestamp, body),
    }


class Line:
    """The way to one URL for a few deliveries; used as `async with`."""

    def __init__(
        self,
        url: str,
        names: Executor,
        *,
        to_this_machine: bool = False,
        trust: ssl.SSLContext | None = None,
        look_up: LookUp | None = None,
        total_s: float = TOTAL_S,
    ) -> None:
        """`names` are the threads in which names are looked up; `trust` whose certificates are taken."""
        self._url = url
        self._names = names
        self._to_this_machine = to_this_machine
        self._look_up = look_up or _addresses
        self._total_s = total_s
        self._client = httpx.AsyncClient(
            verify=trust if trust is not None else True,
            trust_env=False,
            follow_redirects=False,
            timeout=httpx.Timeout(_READ_S, connect=_CONNECT_S),
            limits=httpx.Limits(max_connections=4, max_keepalive_connections=4, keepalive_expiry=30),
        )
        self._found: list[str] | None = None

    async def __aenter__(self) -> "Line":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def post(self, told: Mapping[str, str], body: bytes) -> Outcome:
        """Send one; raises nothing that the other side could cause."""
        try:
            async with asyncio.timeout(self._total_s):
                return await self._posted(told, body)
        except TimeoutError:
            return Outcome(0, "timeout")
        except Refused as refused:
            return Outcome(0, refused.code)
        except httpx.TimeoutException:
            return Outcome(0, "timeout")
        except httpx.ConnectError as error:
            return Outcome(0, "certificate" if _is_certificate(error) else "no-connection")
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError):
            return Outcome(0, "no-answer")

    async def _posted(self, told: Mapping[str, str], body: bytes) -> Outcome:
        target = address.parsed(self._url, to_this_machine=self._to_this_machine)
        if self._found is None:
            self._found = await self._judged(target)
        for place, found in enumerate(self._found):
            try:
                return await self._to(target, found, told, body)
            except httpx.ConnectError as error:
                if place + 1 == len(self._found) or _is_certificate(error):
                    raise
        return Outcome(0, "no-connection")

    async def _judged(self, target: Target) -> list[str]:
        """The addresses of the target.  Raises `Refused` where one of them may not be connected to."""
        try:
            answers = await asyncio.get_running_loop().run_in_executor(
                self._names, self._look_up, target.host, target.port
            )
        except (OSError, UnicodeError):
            raise Refused("webhook-name-unknown") from None
        found: list[Address] = []
        for each in answers:
            one = address.address_of(each)
            if one is None or not address.may_connect(one, target, to_this_machine=self._to_this_machine):
                raise Refused("webhook-url-inside")
            found.append(one)
        if not found:
            raise Refused("webhook-name-unknown")
        return [str(one) for one in dict.fromkeys(found)][:_MOST_ADDRESSES]

    async def _to(self, target: Target, at: str, told: Mapping[str, str], body: bytes) -> Outcome:
        host = f"[{at}]" if ":" in at else at
        url = f"{target.scheme}://{host}:{target.port}{target.rest}"
        extensions = {"sni_hostname": target.host.rstrip(".")}
        async with self._client.stream(
            "POST", url, content=body, headers={**told, "host": target.authority}, extensions=extensions
        ) as answer:
            left = _MOST_ANSWER
            async for part in answer.aiter_raw():
                left -= len(part)
                if left < 0:
                    break
            status = answer.status_code
            retry_after_s = _retry_after_s(answer.headers.get("retry-after", ""))
        error = "" if 200 <= status < 300 else "redirect" if 300 <= status < 400 else "status"
        return Outcome(status, error, retry_after_s)


def _addresses(name: str, port: int) -> list[str]:
    import socket

    found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return [str(one[4][0]) for one in found]


def _is_certificate(error: BaseException) -> bool:
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLError):
            return True
        seen = seen.__cause__ or seen.__context__
    return False


def _retry_after_s(text: str) -> float:
    """Seconds from now, of either form of the header; 0 for what is none."""
    told = text.strip()
    if told.isascii() and told.isdecimal():
        return float(told[:9])
    try:
        return max(0.0, parsedate_to_datetime(told).timestamp() - time.time()) if told else 0.0
    except (ValueError, TypeError, OverflowError):
        return 0.0
