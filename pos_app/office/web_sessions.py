"""The sessions of the back office in browsers: which there are, from where, and ending one."""

from datetime import datetime
from typing import NamedTuple

from pos_app.ledger.document import SERVER_TERMINAL_NO
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.office.front_door import IDLE
from pos_app.office.office import Office
from pos_app.store.documents import audit
from pos_app.store.master import people, shell_tokens
from pos_app.store.master.shell_tokens import WEB


class Seen(NamedTuple):
    """A session that counts: whose, from which address and browser, since when, and when it was used last."""

    key: int
    person_id: int
    person: str
    address: str
    browser: str
    since: datetime
    used_at: datetime
    until: datetime


def listed(office: Office, *, of_everybody: bool = False) -> list[Seen]:
    """The sessions of who is at work, or of everybody; the newest first.

    Raises `Refused` for everybody's and who may not see them.
    """
    now = office.clock.now()
    with office.read() as books:
        connection, org_id = books.connection, books.org_id
        if of_everybody:
            office.need(connection, Permission.EDIT_PEOPLE)
        return [
            Seen(
                one.token_id,
                one.person_id,
                people.person_name(connection, org_id, one.person_id),
                one.account,
                one.name,
                one.made_at,
                one.used_at or one.made_at,
                one.expires_at,
            )
            for one in reversed(shell_tokens.everything(connection, org_id))
            if one.kind == WEB
            and one.holds(now)
            and now - (one.used_at or one.made_at) <= IDLE
            and (of_everybody or one.person_id == office.person.person_id)
        ]


def end(office: Office, key: int) -> None:
    """End a session now: one's own, or anybody's for who may change people.

    Raises `Refused` where there is none that counts.
    """
    now = office.clock.now()
    with office.database.write() as connection:
        found = [
            one
            for one in shell_tokens.everything(connection, office.org_id)
            if one.token_id == key and one.kind == WEB and one.holds(now)
        ]
        if not found:
            raise Refused("web-session-gone")
        if found[0].person_id != office.person.person_id:
            office.need(connection, Permission.EDIT_PEOPLE)
        audit.actor(connection, person_id=office.person.person_id, address=office.address)
        shell_tokens.revoke(
            connection,
            office.org_id,
            found[0],
            now,
            terminal_no=SERVER_TERMINAL_NO,
            by=office.person.person_id,
        )
