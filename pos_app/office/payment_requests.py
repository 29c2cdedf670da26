"""What tills ask of customers' phones, taken in at the centre: judged, and handed to who asks them."""

from sqlalchemy import Connection

from pos_app.ledger import payment_asking
from pos_app.ledger.asking import Request, State
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import WORDS, Permission
from pos_app.office.office import Office
from pos_app.store.master import codes, enrolment, people, requests_in
from pos_app.store.organisation import rights
from pos_app.store.payments import addresses, asks
from pos_app.store.payments.asks import Ask, Kind
from pos_app.store.tables.columns import micros


def decide(office: Office, connection: Connection, request: Request) -> None:
    """Let a phone be asked, once, or refuse it; in the caller's transaction."""
    org_id, now = office.org_id, office.clock.now()
    try:
        asked = payment_asking.content_of(request)
        _need_allowed(office, connection, request)
        if micros(now) - request.at_us > payment_asking.FRESH_US:
            raise Refused("push-too-late")
        payee = addresses.payees(connection, org_id).get(asked.business_id)
        if payee is None or not payee.active or not payee.numbers:
            raise Refused("push-no-account")
    except Refused as refused:
        requests_in.answer(connection, org_id, request, State.REFUSED, now, said=refused.said)
        return
    # Its key is the request's: however often that comes, the phone is asked once.
    key = f"till-{request.terminal_no}-{request.request_no}"
    ask = Ask(org_id, key, Kind.ASK, asked.business_id, request.person_id, asked.amount, now)
    asks.put(
        connection,
        ask._replace(
            phone=asked.phone,
            reference=asked.reference,
            terminal_no=request.terminal_no,
            request_no=request.request_no,
        ),
    )
    requests_in.answer(connection, org_id, request, State.WAITING, now)


def _need_allowed(office: Office, connection: Connection, request: Request) -> None:
    org_id = office.org_id
    depot = codes.depot_of(connection, org_id, enrolment.depot_of(connection, org_id, request.terminal_no))
    if depot is None:
        raise Refused("depot-gone")
    held = rights.load(connection, org_id)
    at_us = min(request.at_us, micros(office.clock.now()))
    if not held.allows(request.person_id, Permission.SELL, depot.business_id, depot.depot_id, at_us):
        name = people.person_name(connection, org_id, request.person_id)
        raise Refused("person-may-not-here", name=name, deed=WORDS[Permission.SELL])
