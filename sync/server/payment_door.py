"""Where providers tell of payments: small messages from outside, at an address that nobody guesses.

Decisions
---------
2026-12-01  Who posts is known by the address alone: Daraja signs nothing.  So its middle part is a secret of
the centre (`payments.addresses`), `payments_from` says from which addresses of the internet it may come, and
nothing that is told here moves money: a payment is a row that a sale may take by its code, and what
contradicts what stands goes to a person.  A wrong address is answered as one that is not there.

2026-12-01  What was kept is answered with “accepted”, also where it was no payment: the same message again
would say nothing new.  Only an outage is an outage, so that whoever sends again does.
"""

import contextlib
import ipaddress
import re
import time
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from sqlalchemy import Connection
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from pos_app.language import kept_code, said
from pos_app.ledger.clock import Clock
from pos_app.ledger.errors import Refused
from pos_app.log import payment_events as events
from pos_app.payments import daraja_messages
from pos_app.payments.daraja_messages import MOST_BYTES
from pos_app.store.engine.engine import Database
from pos_app.store.engine.outage import is_outage
from pos_app.store.payments import addresses, answers, asks, notices
from pos_app.store.payments.addresses import Payee
from pos_app.store.payments.notices import Came

_ACCEPTED: Final = b'{"ResultCode": 0, "ResultDesc": "Accepted"}'
#: What Daraja is told of a payment that is not to be taken: no such shortcode.
_NOT_HERE: Final = b'{"ResultCode": "C2B00015", "ResultDesc": "Rejected"}'
_ORG: Final = re.compile(r"([1-9][0-9]{0,17})-([1-9][0-9]{0,17})", re.ASCII)

#: What answers an asking that is just being sent is looked at again, so often and after so long.
_TRIES: Final = 6
_A_MOMENT_S: Final = 0.5

Networks = tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]
#: The further numbers of a business (its store number, say), by organisation and business.
Numbers = Callable[[int, int], frozenset[str]]


class Told(NamedTuple):
    """What came: at which address of which business, from where, and its bytes."""

    org_id: int
    business_id: int
    what: str
    address: str
    body: bytes


def networks_of(text: str) -> Networks:
    """The addresses of a setting: spaces between several, with or without a mask.

    Raises `Refused` for what is none.
    """
    try:
        return tuple(ipaddress.ip_network(one, strict=False) for one in text.split())
    except ValueError as error:
        raise Refused("payments-from-wrong", why=error) from error


def create(
    database: Database, clock: Clock, *, allowed: Networks = (), numbers: Numbers | None = None
) -> Starlette:
    """The application below `addresses.PATH`; without `allowed` it listens to every address."""
    door = _Door(database, clock, numbers or (lambda _org, _business: frozenset()))

    async def take(request: Request) -> Response:
        address = request.client.host if request.client is not None else ""
        of = _ORG.fullmatch(request.path_params["of"])
        what = request.path_params["what"]
        if of is None or what not in addresses.WHATS or not may(address, allowed):
            return _answer(404, b"{}")
        body = b""
        try:
            async for part in request.stream():
                body += part
                if len(body) > MOST_BYTES:
                    return _answer(413, b"{}")
        except ClientDisconnect:
            return _answer(400, b"{}")
        told = Told(int(of[1]), int(of[2]), what, address, body)
        return await run_in_threadpool(door.hear, told, request.path_params["mark"])

    return Starlette(routes=[Route("/{of}/{mark}/{what}", take, methods=["POST"])])


def may(address: str, allowed: Networks) -> bool:
    """Whether who comes from this address is heard; every one where nothing is said."""
    if not allowed:
        return True
    with contextlib.suppress(ValueError):
        found = ipaddress.ip_address(address)
        return any(found.version == one.version and found in one for one in allowed)
    return False


def _answer(status: int, body: bytes) -> Response:
    return Response(body, status_code=status, media_type="application/json")


class _Door:
    """Takes what comes; used by many threads."""

    def __init__(self, database: Database, clock: Clock, numbers: Numbers) -> None:
        self._database, self._clock, self._numbers = database, clock, numbers

    def hear(self, told: Told, mark: str) -> Response:
        """Keep what came as what it is, and answer."""
        try:
            # An answer may be faster than the number of what it answers.
            for _ in range(_TRIES):
                answer = self._hear(told, mark, is_last=False)
                if answer is not None:
                    return answer
                time.sleep(_A_MOMENT_S)
            return self._hear(told, mark, is_last=True) or _answer(503, b"{}")
        except Exception as error:
            if not is_outage(error):
                raise
            events.PAYMENT_NOT_HEARD.log(error, org_id=told.org_id)
            return _answer(503, b"{}")

    def _hear(self, told: Told, mark: str, *, is_last: bool) -> Response | None:
        with self._database.for_org(told.org_id).write() as connection:
            payees = addresses.payees(connection, told.org_id)
            if told.business_id not in payees or not addresses.is_mark(
                connection, told.org_id, told.business_id, mark
            ):
                return _answer(404, b"{}")
            if told.what == addresses.VALIDATION:
                return _answer(200, self._valid(told, payees[told.business_id]))
            try:
                with connection.begin_nested():
                    odd = self._take(connection, told, payees)
                of = told.org_id, told.business_id
                if odd == answers.UNKNOWN and not is_last and asks.is_sending(connection, *of):
                    return None
                reason = said(odd) if odd else None
            except Refused as refused:
                reason = refused.said
            if reason is not None:
                came = Came(told.business_id, told.what, told.address, told.body, self._clock.now())
                kept = notices.put(connection, told.org_id, came, reason)
                events.PAYMENT_ODD.log(org_id=told.org_id, what=told.what, reason=reason.code, kept=int(kept))
        return _answer(200, _ACCEPTED)

    def _take(self, connection: Connection, told: Told, payees: Mapping[int, Payee]) -> str:
        """Book what came; gives the code of what is odd.  Raises `Refused` for what is none."""
        now, own = self._clock.now(), payees[told.business_id]
        message = daraja_messages.decoded(told.body)
        match told.what:
            case addresses.CONFIRMATION:
                paid = daraja_messages.confirmation(message)
                business_id = self._owner(told, payees, paid.number)
                if not business_id:
                    return kept_code("payment-elsewhere")
                return answers.take(connection, told.org_id, business_id, paid, now)
            case addresses.ANSWER:
                number = next(iter(sorted(own.numbers)), "")
                heard = daraja_messages.answer_of_ask(message, number)
                return answers.of_asking(connection, told.org_id, own, heard, now)
            case addresses.RESULT:
                found = daraja_messages.result(message)
                return answers.of_result(connection, told.org_id, own, found, now)
        # A queue at the provider was full: what was asked is asked about again, or a person looks.
        return kept_code("payment-queue-full")

    def _owner(self, told: Told, payees: Mapping[int, Payee], number: str) -> int:
        """The business whose number was paid, this one before others; 0 where it is nobody's here."""
        first = [told.business_id, *(one for one in payees if one != told.business_id)]
        for business_id in first:
            if number in payees[business_id].numbers | self._numbers(told.org_id, business_id):
                return business_id
        return 0

    def _valid(self, told: Told, payee: Payee) -> bytes:
        """Whether a payment may be made: to a number that is this business's, of an amount that is one."""
        try:
            paid = daraja_messages.confirmation(daraja_messages.decoded(told.body))
        except Refused as refused:
            events.PAYMENT_ODD.log(org_id=told.org_id, what=told.what, reason=refused.code, kept=0)
            return _NOT_HERE
        known = payee.numbers | self._numbers(told.org_id, told.business_id)
        return _ACCEPTED if payee.active and paid.number in known else _NOT_HERE
