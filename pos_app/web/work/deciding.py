"""What two people decide: the pages of a document in quarantine and of an M-Pesa code that came twice.

Decisions
---------
2026-12-01  The second person proves themselves on the page of the first, with all that they sign in with: two
people stand at one desk, as at the command line, and a wrong try counts as one at the sign-in.  Nothing is
proposed and left lying, so nobody agrees to what was changed meanwhile.
"""

from typing import Final, NamedTuple, Protocol

from starlette.responses import Response

from pos_app.language import web_said, web_text, web_words
from pos_app.ledger.currency import currency
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import TenderKind
from pos_app.ledger.money import grouped_text
from pos_app.ledger.permission import Permission
from pos_app.office import two_people
from pos_app.office.front_door import Proof
from pos_app.reports.ask.question import kind_words
from pos_app.reports.slips.titles import tender_name
from pos_app.web.visit import Visit
from pos_app.web.way import Way
from pos_app.web.work.documents import ONE
from pos_app.web.work.undecided import QUARANTINE_ONE, SEES, TWICE_ONE, decision_words

_DECIDES: Final = (Permission.DECIDE,)


class Two(NamedTuple):
    """The codes of the two who decide, why they do, and from where."""

    by: str
    with_: str
    reason: str
    address: str


class Deciding(Protocol):
    """What the server does with a decision; each raises `Refused` with why it cannot be."""

    def accept(self, org_id: int, place: str, hash_: str, two: Two) -> int:
        """Post a document into the books as it is; gives its key."""

    def rebook(self, org_id: int, place: str, hash_: str, two: Two) -> int:
        """Book it again under a new number; gives that one's key."""

    def reject(self, org_id: int, place: str, hash_: str, two: Two) -> None:
        """Keep it out of the books for ever."""

    def settle(self, org_id: int, number: str, code: str, booked: str, two: Two) -> None:
        """Say of an M-Pesa code that came twice that its money came, or by what it was `booked` off."""


#: What may be decided of a document, and what that does, in words.
WAYS_OUT: Final = {
    "accept": (
        web_words("Into the books"),
        web_words("It is posted as it is; the tills get the balances that it changed."),
    ),
    "rebook": (
        web_words("Book it again"),
        web_words("Where another document has its number: under a new one, the old one named on it."),
    ),
    "reject": (web_words("Keep it out"), web_words("It stays out of the books for ever, and is kept here.")),
}
#: What may be said of the money of a code that came twice.
ENDS: Final = {
    "came": (
        web_words("The money came"),
        web_words("The statement shows both payments: a code was misread, and both documents are right."),
    ),
    "missing": (
        web_words("The money is missing"),
        web_words("The statement shows one: name the document that took the other off the account again."),
    ),
}


class DecidingPages:
    """The pages of what is decided."""

    def __init__(self, deciding: Deciding | None) -> None:
        """`deciding` is the server's part; without one the pages show and decide nothing."""
        self._deciding = deciding

    def ways(self) -> list[Way]:
        """Its pages."""
        return [
            Way(QUARANTINE_ONE, self._document, needs=SEES),
            Way("/quarantine/decide", self._decide, "POST", _DECIDES),
            Way(TWICE_ONE, self._code, needs=SEES),
            Way("/mpesa-twice/settle", self._settle, "POST", _DECIDES),
        ]

    # --- quarantine ---------------------------------------------------------------------------------

    def _document(self, visit: Visit) -> Response:
        query = visit.asked.query
        return self._document_page(visit, query.get("document"), query.get("hash"))

    def _document_page(self, visit: Visit, place: str, hash_: str, error: Refused | None = None) -> Response:
        seen = two_people.inside(visit.office, place[:40], hash_[:64])
        kind = seen.waits.kind
        return visit.page(
            "quarantine.html",
            status=200 if error is None else 422,
            seen=seen,
            kind=kind_words(kind) if kind else web_text("unreadable"),
            total=f"{grouped_text(seen.total, currency(seen.currency))} {seen.currency}" if kind else "",
            decision=decision_words(seen.waits.decision),
            ways_out=WAYS_OUT,
            **self._shared(visit, error),
        )

    def _shared(self, visit: Visit, error: Refused | None) -> dict[str, object]:
        form = visit.asked.form
        return {
            "error": error,
            "zone": visit.office.organisation.time_zone,
            "may_decide": self._deciding is not None and visit.may(Permission.DECIDE),
            "sees_documents": visit.may(Permission.SEE_REPORTS),
            "reason": form.get("reason"),
            "with_code": form.get("with"),
            "chosen": form.get("way"),
        }

    def _decide(self, visit: Visit) -> Response:
        form = visit.asked.form
        place, hash_, way = form.get("document"), form.get("hash"), form.get("way")
        try:
            if way not in WAYS_OUT or self._deciding is None:
                raise Refused("decision-not-chosen")
            two = self._two(visit)
            org_id, key = visit.person.org_id, 0
            if way == "accept":
                key = self._deciding.accept(org_id, place, hash_, two)
            elif way == "rebook":
                key = self._deciding.rebook(org_id, place, hash_, two)
            else:
                self._deciding.reject(org_id, place, hash_, two)
        except Refused as error:
            return self._document_page(visit, place, hash_, error)
        if key and visit.may(Permission.SEE_REPORTS):
            return visit.go(ONE, key=key, said="decided")
        return visit.go(QUARANTINE_ONE, document=place, hash=hash_, said="decided")

    def _two(self, visit: Visit) -> Two:
        """Who decides and why: the reason is asked before anybody's proof is used up."""
        form = visit.asked.form
        if not form.get("reason").strip():
            raise Refused("decision-without-reason")
        proof = Proof(form.get("with"), form.get("pin"), form.get("password"), form.get("one_time"))
        agreeing = visit.door.agrees(visit.person, proof, visit.asked.where)
        return Two(visit.person.code, agreeing, form.get("reason"), visit.asked.where.told)

    # --- codes that came twice ----------------------------------------------------------------------

    def _code(self, visit: Visit) -> Response:
        query = visit.asked.query
        return self._code_page(visit, query.get("key"), query.get("place"))

    def _code_page(self, visit: Visit, key: str, place: str, error: Refused | None = None) -> Response:
        seen = self._seen(visit, key, place)
        code = seen.code
        return visit.page(
            "mpesa_twice.html",
            status=200 if error is None else 422,
            seen=seen,
            sides=((web_said(_FIRST), seen.first), (web_said(_SECOND), seen.second)),
            kinds=kind_words,
            tender=lambda kind: tender_name(TenderKind(kind)),
            money=lambda amount, of: f"{grouped_text(amount, currency(of))} {of}",
            is_open=not code.decision and not (seen.first.listed.is_voided or seen.second.listed.is_voided),
            decision=decision_words(code.decision),
            ends=ENDS,
            booked=visit.asked.form.get("booked"),
            may_record=visit.may(Permission.JOURNAL_ENTRY),
            **self._shared(visit, error),
        )

    @staticmethod
    def _seen(visit: Visit, key: str, place: str) -> two_people.Twice:
        for text in (key, place):
            if not (text.isascii() and text.isdecimal() and len(text) < 19):
                raise Refused("code-not-twice", number=key[:24])
        return two_people.both(visit.office, int(key), int(place))

    def _settle(self, visit: Visit) -> Response:
        form = visit.asked.form
        key, place, way = form.get("key"), form.get("place"), form.get("way")
        seen = self._seen(visit, key, place)
        booked = form.get("booked").strip() if way == "missing" else ""
        try:
            if way not in ENDS or self._deciding is None:
                raise Refused("decision-not-chosen")
            if way == "missing" and not booked:
                raise Refused("booked-nowhere", number="")
            two = self._two(visit)
            self._deciding.settle(visit.person.org_id, seen.code.number, seen.code.code, booked, two)
        except Refused as error:
            return self._code_page(visit, key, place, error)
        return visit.go(TWICE_ONE, key=key, place=str(place), said="decided")


_FIRST: Final = web_words("Came first")
_SECOND: Final = web_words("Came second")
