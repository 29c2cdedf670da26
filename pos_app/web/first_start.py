"""The first start of a centre: whoever holds the code that the server printed founds the shop in a browser.

Decisions
---------
2026-11-30  The code is printed where the server was started and typed here: nobody on the line founds a shop
that is not theirs, and no address holds a secret.  The organisation, its owner, their PIN and their password
are one transaction; a template is played after it, as often as it takes.  What is shown once is shown again
to a browser that sent the same form twice.
"""

import threading
import time
from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

from starlette.responses import Response

from pos_app.language import Sentence, web_words
from pos_app.ledger.errors import Refused
from pos_app.office.front_door import LONGEST, Proof
from pos_app.web.asked import SESSION, Form
from pos_app.web.masters.asking import Asking
from pos_app.web.masters.declaration import Field, Kind
from pos_app.web.visit import Visit
from pos_app.web.way import Way

#: The code of the owner whom founding makes.
OWNER: Final = "OWNER"
#: The beginning without anything of its own: there the currency and the time zone are asked.
EMPTY: Final = "empty"
#: So long what was founded is shown again to who sent the form.
_SHOWN_S: Final = 600.0

_WORDS: Final = {
    "lpg-singapore": (
        web_words("LPG in Singapore"),
        web_words(
            "Cylinders with deposits, gas by meter, service; dollars, GST in the price, cash to 5 cents."
        ),
    ),
    "depots-kenya": (
        web_words("Depots in Kenya"),
        web_words("Water refill, laundry, LPG and retail at two depots; shillings, VAT in the price."),
    ),
    EMPTY: (
        web_words("Nothing but the frame"),
        web_words("One business, one depot, the chart of accounts; you say the currency and the rest."),
    ),
}
_NAMES: Final = (
    Field(
        "organisation",
        web_words("Name of the organisation"),
        needed=True,
        codes=("organisation-needs-name", "party-text-unusable"),
    ),
    Field(
        "business_name",
        web_words("Name of its first business"),
        hint=web_words("It stands on every receipt."),
    ),
    Field("depot_name", web_words("Name of its first depot"), hint=web_words("Where you sell.")),
)
_MONEY: Final = (
    Field(
        "currency",
        web_words("Currency"),
        hint=web_words("Three letters; it stays for ever."),
        codes=("not-a-currency-code",),
    ),
    Field(
        "time_zone",
        web_words("Time zone"),
        hint=web_words("Africa/Nairobi, Asia/Singapore."),
        codes=("time-zone-none",),
    ),
)
_OWNER: Final = (
    Field("owner", web_words("Your name"), needed=True, codes=("coded-needs", "coded-text-unusable")),
    Field(
        "pin",
        web_words("A PIN of your own"),
        Kind.HIDDEN_TEXT,
        hint=web_words("Six to eight digits, no year and no row of numbers: with it you open a till."),
        needed=True,
        codes=("new-pin-length", "new-pin-trivial", "new-pin-is-date", "new-pin-is-number"),
    ),
    Field(
        "pin_again",
        web_words("The same PIN again"),
        Kind.HIDDEN_TEXT,
        needed=True,
        codes=("new-pin-differs",),
    ),
    Field(
        "password",
        web_words("A password of your own"),
        Kind.HIDDEN_TEXT,
        hint=web_words(
            "Twelve signs at least; a sentence is a good one. With PIN and password you come in here."
        ),
        needed=True,
        codes=("password-short", "password-long", "password-guessed-first"),
    ),
    Field(
        "password_again",
        web_words("The same password again"),
        Kind.HIDDEN_TEXT,
        needed=True,
        codes=("new-password-differs",),
    ),
)
_SECRETS: Final = frozenset({"pin", "pin_again", "password", "password_again"})


class Beginning(NamedTuple):
    """A template, with what it says of the shop by itself."""

    name: str
    currency: str
    time_zone: str
    business_name: str
    depot_name: str


class Wish(NamedTuple):
    """What somebody wants to found."""

    template: str
    organisation: str
    business_name: str
    depot_name: str
    currency: str
    time_zone: str
    owner: str
    pin: str
    password: str


class Founded(NamedTuple):
    """What was founded; `why` is what stopped the template, where something did."""

    org_id: int
    recovery_key: str
    why: Sentence | None = None


class Founder(Protocol):
    """Who founds; the command line has the one that does."""

    def is_open(self) -> bool:
        """Whether nothing is founded yet."""

    def check(self, code: str) -> None:
        """Raise `Refused` for another code than the printed one, and after many wrong ones."""

    def beginnings(self) -> Sequence[Beginning]:
        """The templates that there are."""

    def found(self, wish: Wish) -> Founded:
        """Found it, whole.  Raises `Refused` for what cannot be, and when somebody was faster."""


class FirstStart:
    """Its pages; without a founder all is founded long ago."""

    def __init__(self, founder: Founder | None) -> None:
        self._founder = founder
        self._shown: tuple[str, Founded, Proof, float] | None = None
        self._lock = threading.Lock()

    def stands_before(self, path: str) -> bool:
        """Whether another page than this one must wait."""
        own = path == "/preferences" or path.startswith("/first")
        return not own and self._founder is not None and self._founder.is_open()

    def ways(self) -> list[Way]:
        """Its pages."""
        return [
            Way("/first", self._look, is_open=True),
            Way("/first/names", self._names, "POST", is_open=True),
            Way("/first/found", self._found, "POST", is_open=True),
        ]

    def _look(self, visit: Visit) -> Response:
        if self._founder is None or not self._founder.is_open():
            return visit.go("/")
        return self._begin(visit)

    def _begin(self, visit: Visit, error: Refused | None = None) -> Response:
        form = visit.asked.form
        return visit.page(
            "first.html",
            status=200 if error is None else 422,
            error=error,
            code=form.get("code"),
            template=form.get("template"),
            words=_WORDS,
            beginnings=self._open().beginnings(),
        )

    def _open(self) -> Founder:
        if self._founder is None or not self._founder.is_open():
            raise Refused("first-start-over")
        return self._founder

    def _names(self, visit: Visit) -> Response:
        form, founder = visit.asked.form, self._open()
        try:
            founder.check(form.get("code"))
            begun = self._chosen(form.get("template"))
        except Refused as error:
            return self._begin(visit, error)
        return self._ask(visit, begun, begun._asdict() | {"owner": ""})

    def _chosen(self, name: str) -> Beginning:
        for one in self._open().beginnings():
            if one.name == name:
                return one
        raise Refused("first-start-template")

    def _ask(
        self, visit: Visit, begun: Beginning, values: dict[str, str], error: Refused | None = None
    ) -> Response:
        groups = [(_NAMES, "names"), (_MONEY, "money"), (_OWNER, "owner")]
        shown = [
            (name, [_asking(one, values, error) for one in fields])
            for fields, name in groups
            if name != "money" or begun.name == EMPTY
        ]
        asked = [one for _, fields in shown for one in fields]
        return visit.page(
            "first_names.html",
            status=200 if error is None else 422,
            error=error,
            wrong=next((one.field.name for one in asked if one.is_wrong), ""),
            code=visit.asked.form.get("code"),
            begun=begun,
            called=_WORDS.get(begun.name, (begun.name, ""))[0],
            groups=shown,
            owner=OWNER,
        )

    def _found(self, visit: Visit) -> Response:
        # A second press waits for what the first one founds: playing a template takes seconds.
        with self._lock:
            return self._found_once(visit)

    def _found_once(self, visit: Visit) -> Response:
        form, secret = visit.asked.form, visit.before or visit.secret
        shown = self._shown
        if shown is not None and shown[0] == secret and time.monotonic() - shown[3] < _SHOWN_S:
            return self._done(visit, shown[1], shown[2])
        founder = self._open()
        try:
            founder.check(form.get("code"))
        except Refused as error:
            return self._begin(visit, error)
        begun = self._chosen(form.get("template"))
        told = _wish(form)
        try:
            for name, code in (("pin", "new-pin-differs"), ("password", "new-password-differs")):
                if form.get(name) != form.get(f"{name}_again"):
                    raise Refused(code)
            made = founder.found(told)
        except Refused as error:
            if error.code == "first-start-over":
                raise
            return self._ask(visit, begun, dict(form), error)
        proof = Proof(OWNER, told.pin, told.password)
        self._shown = secret, made, proof, time.monotonic()
        return self._done(visit, made, proof)

    def _done(self, visit: Visit, made: Founded, proof: Proof) -> Response:
        """What is shown once, to the owner, who is signed in with it."""
        shown = visit.door.sign_in(made.org_id, proof, visit.asked.where)
        cookie = f"{made.org_id}.{shown}"
        visit.keep(SESSION, cookie, seconds=int(LONGEST.total_seconds()))
        later = visit.signed_in(visit.door.find(made.org_id, shown), cookie)
        return later.page("first_done.html", made=made, owner=OWNER)


def _wish(form: Form) -> Wish:
    names = [form.get(name).strip() for name in Wish._fields]
    template, organisation, business, depot, currency, zone, owner, _, _ = names
    pin, password = form.get("pin"), form.get("password")
    return Wish(template, organisation, business, depot, currency, zone, owner, pin, password)


def _asking(field: Field, values: dict[str, str], error: Refused | None) -> Asking:
    value = "" if field.name in _SECRETS else values.get(field.name, "")
    return Asking(field, value, (), error is not None and error.code in field.codes)
