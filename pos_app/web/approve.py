"""Approving from afar in a browser: what a till asks, the code that answers it, a phone without internet.

Decisions
---------
2026-12-01  The page that works without internet is a page of ours that the phone's browser keeps (a service
worker and its cache), with the person's keys beside it, closed by figures that they choose on that phone
(PBKDF2 and AES-GCM) and forgotten after five wrong ones.  It needs no app and no shop's server; https, or the
machine itself, is what browsers ask for before they count and keep.
"""

import json
from base64 import b64encode
from typing import Final

from starlette.responses import Response

from pos_app.language import web_said, web_words
from pos_app.ledger import remote_approval
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.office import remote_approval as approving
from pos_app.office import second_proofs
from pos_app.office.front_door import Proof
from pos_app.office.remote_approval import Phone, Told
from pos_app.web import static_files
from pos_app.web.asked import ANSWERS
from pos_app.web.visit import Visit
from pos_app.web.way import Way

_WORKER: Final = "approve_worker.js"
_A_YEAR_S: Final = 31_536_000
_MOST_TYPED: Final = 2 * remote_approval.MOST_SIGNS
#: What each is called, in the order of the challenge.
_WORDS: Final = {
    Permission.REFUND: web_words("A refund"),
    Permission.VOID: web_words("A void"),
    Permission.PRICE: web_words("Another price, or goods past their day"),
    Permission.OVER_LIMIT: web_words("More on account than the limit"),
    Permission.CLOSE_DRAWER: web_words("Closing the drawer"),
    Permission.CASH_OUT: web_words("Cash out of the drawer"),
    Permission.INVOICE: web_words("An invoice"),
    Permission.CREDIT_NOTE: web_words("A credit note"),
    Permission.PURCHASE: web_words("An order of goods"),
    Permission.RECEIVE_GOODS: web_words("Goods that came in"),
    Permission.TRANSFER_STOCK: web_words("Stock to another place"),
    Permission.ADJUST_STOCK: web_words("A correction of stock"),
    Permission.STOCK_COUNT: web_words("A stock count"),
    Permission.EXPENSE: web_words("An expense"),
    Permission.MOVE_MONEY: web_words("Money to another place"),
    Permission.PARTY_MONEY: web_words("An advance or a deposit paid out"),
    Permission.BACKDATE: web_words("A date before what it follows"),
}


def _look(visit: Visit) -> Response:
    return _page(visit)


def _page(visit: Visit, error: Refused | None = None, told: Told | None = None, code: str = "") -> Response:
    return visit.page(
        "approve.html",
        status=200 if error is None else 422,
        error=error,
        typed=visit.asked.form.get("challenge")[:_MOST_TYPED],
        found=told,
        action="" if told is None else web_said(_WORDS[Permission(told.action)]),
        code=code,
        has=second_proofs.of(visit.office),
        asks_proof=not visit.door.is_fresh(visit.person),
    )


def _read(visit: Visit) -> Response:
    """What is asked; with the word that it is approved, the code."""
    form = visit.asked.form
    try:
        typed = form.get("challenge")[:_MOST_TYPED]
        if form.get("deed") != "approve":
            return _page(visit, told=approving.told(visit.office, typed))
        found, code = approving.answer(visit.office, typed)
        return _page(visit, told=found, code=code)
    except Refused as error:
        return _page(visit, error)


def _phone(visit: Visit) -> Response:
    """The page that closes the keys and keeps them on this phone."""
    form = visit.asked.form
    try:
        proof = Proof("", form.get("own_pin"), form.get("own_password"), form.get("own_one_time"))
        visit.door.proves_again(visit.person, proof, visit.asked.where)
        kept = _kept(approving.phone(visit.office))
    except Refused as error:
        return _page(visit, error)
    visit.keep(ANSWERS, "1", seconds=_A_YEAR_S)
    return visit.page("approve_keep.html", kept=kept)


def _kept(phone: Phone) -> str:
    return json.dumps(
        {
            "own": b64encode(phone.keys.own).decode(),
            "shared": b64encode(phone.keys.shared).decode(),
            "person": phone.person,
            "currency": phone.currency.code,
            "places": phone.currency.exponent,
            "tills": phone.tills,
            "people": phone.people,
        },
        ensure_ascii=False,
    )


def _offline(visit: Visit) -> Response:
    """The same page for everybody: what is one's own lies in the phone."""
    actions = [web_said(_WORDS[one]) for one in remote_approval.ACTIONS]
    return visit.page("approve_offline.html", actions=actions)


def _worker(visit: Visit) -> Response:
    """The service worker, from an address above which browsers let it work."""
    found = static_files.every()[_WORKER]
    return visit.finished(Response(found.content, media_type=found.kind))


WAYS: Final = [
    Way("/approve", _look),
    Way("/approve", _read, "POST"),
    Way("/approve/phone", _phone, "POST"),
    Way("/approve/offline", _offline, is_open=True, looks_by_itself=True),
    Way("/approve/worker.js", _worker, is_open=True, looks_by_itself=True),
]
