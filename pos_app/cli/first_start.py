"""The first start of a server: the code that it prints, and founding what a browser asks for.

Decisions
---------
2026-11-30  An empty folder, or none, becomes a central home by the server's first start; a folder with
anything else in it does not, whoever typed its name.  What is being founded stands in the settings until its
template is played: after a power cut the next start plays it on.
"""

import hmac
import secrets
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from pos_app import bootstrap, settings
from pos_app.bootstrap import Central
from pos_app.cli import apply, founding, templates
from pos_app.cli.founding import Owner
from pos_app.cli.init import prepare
from pos_app.cli.templates import FoundingDetails
from pos_app.language import Sentence, said
from pos_app.ledger import new_pin
from pos_app.ledger.errors import BohariError, Refused
from pos_app.ledger.house_rule import RULES, HouseRule
from pos_app.log import events
from pos_app.office import second_proofs
from pos_app.office.masters.coded import checked_name
from pos_app.office.masters.organisations import checked_name as checked_organisation
from pos_app.office.masters.organisations import known_zone
from pos_app.store.master import organisations, web_secrets
from pos_app.store.master.pin_hash import given_pin
from pos_app.store.organisation import recovery
from pos_app.store.organisation.founding import Founded as FoundedRows
from pos_app.store.upkeep import life
from pos_app.web.application import PATH
from pos_app.web.first_start import OWNER, Beginning, Founded, Wish
from sync.server import server_key

#: Without 0 O 1 I L U, as an enrolment code.
_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_SIGNS: Final = 10
_GROUP: Final = 5
#: So many wrong codes; then the server must be started again, which prints another.
_MOST_WRONG: Final = 20
_NAMES: Final = ("lpg-singapore", "depots-kenya", "empty")


def prepared(home: Path) -> Path:
    """A home to serve: where nothing lies yet, a new central one.  Raises what `init` raises."""
    if bootstrap.kind_of(home) is None and (not home.exists() or not any(home.iterdir())):
        prepare(home, another=False)
    # A template is played where its files lie: a home must be found from there too.
    return home.resolve()


def begun(centre: Central) -> "FirstStart | None":
    """The first start of a centre that has no organisation; otherwise what a power cut left is done."""
    if not centre.has_organisations():
        return FirstStart(centre)
    if centre.settings.founding:
        with centre.database.read() as connection:
            org_id = min(organisations.all_ids(connection))
        _finish(centre, org_id, centre.settings.founding)
    return None


class FirstStart:
    """Founds one organisation, once, for whoever has the printed code."""

    def __init__(self, centre: Central) -> None:
        self._centre = centre
        self._code = "".join(secrets.choice(_ALPHABET) for _ in range(_SIGNS))
        self._wrong = 0
        self._is_open = True
        self._lock = threading.Lock()

    @property
    def code(self) -> str:
        """As it is printed."""
        return f"{self._code[:_GROUP]}-{self._code[_GROUP:]}"

    def told(self, url: str) -> dict[str, str]:
        """Where a browser of this machine founds, and with which code."""
        local = url.replace("127.0.0.1", "localhost").replace("0.0.0.0", "localhost")  # noqa: S104 - is replaced
        return {"address": f"{local}{PATH}/", "code": self.code}

    def is_open(self) -> bool:
        """Whether nothing is founded yet, here or by somebody else."""
        if self._is_open and organisations.served(self._centre.database):
            self._is_open = False
        return self._is_open

    def check(self, code: str) -> None:
        """Raise `Refused` for another code than the printed one, and after many wrong ones."""
        plain = "".join(one for one in code.upper() if one.isalnum())
        if self._wrong >= _MOST_WRONG:
            raise Refused("first-start-code-worn")
        if not hmac.compare_digest(plain.encode(), self._code.encode()):
            self._wrong += 1
            raise Refused("first-start-code-wrong")

    def beginnings(self) -> Sequence[Beginning]:
        """The templates that ship with the product."""
        return beginnings()

    def found(self, wish: Wish) -> Founded:
        """Found it, whole.  Raises `Refused` for what cannot be, and when somebody was faster."""
        with self._lock:
            if not self.is_open():
                raise Refused("first-start-over")
            made = found_shop(self._centre, wish, is_password_needed=True)
            self._is_open = False
        return made


def found_shop(centre: Central, wish: Wish, *, is_password_needed: bool) -> Founded:
    """Found what somebody wishes, and play its template.  Without a password the owner has none yet, and
    comes into no browser.  Raises `Refused` for what cannot be, and when something is founded already.
    """
    plan = _plan(wish)
    name = checked_organisation(wish.organisation)
    owner = checked_name(wish.owner)
    new_pin.check(wish.pin, RULES[HouseRule.LEAST_PIN_DIGITS].default, [centre.clock.now().date()])
    if wish.password or is_password_needed:
        second_proofs.check_password(wish.password, (OWNER, owner, name))
    apply.checked(templates.find(wish.template))
    keys: list[str] = []

    def also(connection: Connection, made: FoundedRows) -> None:
        if wish.password:
            web_secrets.put_password(connection, made.org_id, made.owner_id, wish.password)
        keys.append(recovery.renew(connection, made.org_id, centre.clock.now()))

    server_key.load_or_make(centre.home)
    settings.write(centre.home, founding=wish.template)
    org_id = founding.found(centre, name, plan, Owner(owner, given_pin(wish.pin)), only_first=True, also=also)
    # It stands from here on: what goes wrong later is told beside the key, which nobody sees again.
    return Founded(org_id, keys[0], _finish(centre, org_id, wish.template))


def beginnings() -> list[Beginning]:
    """The templates that ship with the product, with what each says of the shop by itself."""
    return [_beginning(name) for name in _NAMES]


def _beginning(name: str) -> Beginning:
    told = templates.founding_of(templates.find(name))
    return Beginning(
        name, told.currency or "KES", told.time_zone or "Africa/Nairobi", told.business_name, told.depot_name
    )


def _plan(wish: Wish) -> FoundingDetails:
    """How it is founded: what was typed, over what the template says.  Raises `Refused`."""
    template = templates.founding_of(templates.find(wish.template))
    is_empty = wish.template == "empty"
    if is_empty and wish.time_zone:
        known_zone(wish.time_zone)
    for text in (wish.business_name, wish.depot_name):
        if text:
            checked_name(text)
    told = FoundingDetails(
        currency=wish.currency.upper() if is_empty else "",
        time_zone=wish.time_zone if is_empty else "",
        business_name=wish.business_name,
        depot_name=wish.depot_name,
    )
    return founding.over(told, template)


def _finish(centre: Central, org_id: int, template: str) -> Sentence | None:
    """Play the template of what was founded; gives what stopped it."""
    settings.write(centre.home, org_id=org_id)
    why: Sentence | str = ""
    try:
        applied = founding.play(centre, org_id, templates.find(template))
        if applied.failed is not None:
            why = said("apply-ended", line=applied.failed.line_no, why=applied.why)
    except BohariError as error:
        why = error.said
    except Exception as error:  # noqa: BLE001 - the key of what stands must be shown, whatever a template does
        events.FAULT.log(error, during=f"template {template}")
        why = said("web-fault")
    settings.write(centre.home, founding="")
    life.note(centre.database, centre.home)
    return why if isinstance(why, Sentence) else None
