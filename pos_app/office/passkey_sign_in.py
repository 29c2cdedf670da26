"""Signing in with a passkey: what the browser is asked, and whom its answer lets in.

Decisions
---------
2026-12-01  A counter that goes back is a copied authenticator or a copied answer: nobody comes in, the audit
log says whose it was, and the passkey stays until its person looks.  Authenticators that count nothing (most
of those that telephones share) say 0 every time.
"""

from typing import Final, NamedTuple

from pos_app.ledger.errors import Refused
from pos_app.log import events
from pos_app.office.front_door import FrontDoor, Where
from pos_app.office.passkeys import Site, answer_of, challenge_of
from pos_app.store.engine.engine import Database
from pos_app.store.master import passkeys, people
from pos_app.store.master.passkeys import Passkey

_MOST_CREDENTIAL: Final = 1_400


class Heard(NamedTuple):
    """Where an answer was given: the site, what that browser alone holds, and from where it speaks."""

    site: Site
    secret: str
    where: Where


def asked(door: FrontDoor, org_id: int, site: Site, secret: str) -> str:
    """What a browser is asked (JSON): any passkey of this site, of whoever holds it."""
    from webauthn import generate_authentication_options, options_to_json
    from webauthn.helpers.structs import UserVerificationRequirement

    with door.database(org_id).read() as connection:
        challenge = passkeys.challenge(connection, org_id, secret, door.clock.now())
    options = generate_authentication_options(
        rp_id=site.domain, challenge=challenge, user_verification=UserVerificationRequirement.REQUIRED
    )
    return options_to_json(options)


def sign_in(door: FrontDoor, org_id: int, answer: str, heard: Heard) -> str:
    """Let somebody in by the answer of their authenticator; gives what their cookie holds.

    Raises `Refused` for an answer that is none, that comes too late or twice, and whose counter went back.
    """
    from webauthn import verify_authentication_response

    told, now, database = answer_of(answer), door.clock.now(), door.database(org_id)
    challenge = challenge_of(told)
    with database.read() as connection:
        asked_us = passkeys.asked_at(connection, org_id, heard.secret, challenge, now)
        known = passkeys.find(connection, org_id, _credential(told))
    if asked_us is None:
        raise Refused("passkey-too-late")
    if known is None or not known.public_key:
        raise Refused("passkey-unknown")
    try:
        proved = verify_authentication_response(
            credential=told,
            expected_challenge=challenge,
            expected_rp_id=heard.site.domain,
            expected_origin=heard.site.origin,
            credential_public_key=known.public_key,
            # Judged below: a counter that went back is told to the audit log.
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except Exception as error:
        # A signature that does not fit, or whatever its parsers meet in bytes that anybody may send.
        raise Refused("passkey-unreadable") from error
    if (known.counter or proved.new_sign_count) and proved.new_sign_count <= known.counter:
        _went_back(door, database, org_id, known, heard.where)
    with database.write() as connection:
        found = people.person(connection, org_id, known.person_id)
        if found is None:
            raise Refused("cannot-sign-in")
        count = proved.new_sign_count
        if not passkeys.answered(connection, org_id, known.key, count=count, asked_us=asked_us, at=now):
            raise Refused("passkey-too-late")
        return door.let_in(connection, org_id, known.person_id, heard.where)


def _went_back(door: FrontDoor, database: Database, org_id: int, known: Passkey, where: Where) -> None:
    with database.write() as connection:
        door.note(connection, org_id, "passkey.counter_back", known.person_id, where=where, after=known.name)
    events.SIGN_IN_REFUSED.log(person_id=known.person_id, failures=1, locked_out=False)
    raise Refused("passkey-counter-back", name=known.name)


def _credential(told: dict[str, object]) -> bytes:
    from webauthn.helpers import base64url_to_bytes

    text = told.get("rawId")
    if not isinstance(text, str) or len(text) > _MOST_CREDENTIAL:
        raise Refused("passkey-unreadable")
    try:
        return base64url_to_bytes(text)
    except ValueError as error:
        raise Refused("passkey-unreadable") from error
