"""A person's own passkeys: which they have, one more, another name, one taken away.

Decisions
---------
2026-12-01  An authenticator must know who holds it (its own PIN, a finger, a face): a passkey is then what
one has and what one is or knows, and signs in alone, as NIST SP 800-63B counts it (AAL2).  One that only
feels a touch is none here.  Of which make it is nobody asks: attestation tells makers about shops and gains
nothing.

2026-12-01  The last proof that somebody has is not taken away by themselves: they would stand outside.
"""

import json
from typing import Any, Final, NamedTuple

from pos_app.ledger.errors import Refused
from pos_app.office.books import Books
from pos_app.office.office import Office
from pos_app.store.master import passkeys, shell_tokens, web_secrets
from pos_app.store.master.passkeys import Passkey

MOST: Final = 20
_MOST_NAME: Final = 60
#: What an authenticator sends is a few kB at most.
MOST_ANSWER: Final = 20_000


class Site(NamedTuple):
    """Where passkeys are made and used: the domain that they are bound to, and the address of the pages."""

    domain: str
    origin: str


def of(office: Office) -> list[Passkey]:
    """Those of who is at work."""
    with office.read() as books:
        return passkeys.of(books.connection, books.org_id, office.person.person_id)


def asked(office: Office, site: Site, secret: str) -> str:
    """What a browser is asked to make one (JSON); `secret` is what this browser alone holds."""
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        PublicKeyCredentialDescriptor,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    person = office.person
    with office.read() as books:
        known = passkeys.of(books.connection, books.org_id, person.person_id)
        challenge = passkeys.challenge(books.connection, books.org_id, secret, office.clock.now())
    options = generate_registration_options(
        rp_id=site.domain,
        rp_name=f"Bohari {office.organisation.name}",
        user_id=f"{office.org_id}.{person.person_id}".encode(),
        user_name=person.code,
        user_display_name=person.name,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            require_resident_key=True,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one.credential) for one in known],
    )
    return options_to_json(options)


def add(office: Office, site: Site, name: str, answer: str, secret: str) -> None:
    """Keep the one that a browser made.  Raises `Refused` for an answer that is none, or to nothing asked."""
    from webauthn import verify_registration_response

    told, now = answer_of(answer), office.clock.now()
    challenge = challenge_of(told)
    with office.change_own() as books:
        connection, org_id = books.connection, books.org_id
        if passkeys.asked_at(connection, org_id, secret, challenge, now) is None:
            raise Refused("passkey-too-late")
        try:
            made = verify_registration_response(
                credential=told,
                expected_challenge=challenge,
                expected_rp_id=site.domain,
                expected_origin=site.origin,
                require_user_verification=True,
            )
        except Exception as error:
            # Whatever its parsers meet in bytes that anybody may send.
            raise Refused("passkey-unreadable") from error
        if passkeys.find(connection, org_id, made.credential_id) is not None:
            raise Refused("passkey-known")
        if len(passkeys.of(connection, org_id, office.person.person_id)) >= MOST:
            raise Refused("passkeys-too-many", most=MOST)
        passkeys.add(
            connection,
            org_id,
            office.person.person_id,
            credential=made.credential_id,
            public_key=made.credential_public_key,
            count=made.sign_count,
            name=_name(name),
            at=now,
        )


def rename(office: Office, key: int, name: str) -> None:
    """Call one of one's own something else.  Raises `Refused` where it is none of theirs."""
    with office.change_own() as books:
        _own(office, books, key)
        passkeys.rename(books.connection, books.org_id, key, _name(name))


def remove(office: Office, key: int) -> None:
    """Take one of one's own away; their sessions end.  Raises `Refused` for the last proof that they have."""
    with office.change_own() as books:
        connection, org_id, person_id = books.connection, books.org_id, office.person.person_id
        _own(office, books, key)
        others = len(passkeys.of(connection, org_id, person_id)) > 1
        if not others and not web_secrets.of(connection, org_id, person_id).any:
            raise Refused("passkey-last-proof")
        passkeys.remove(connection, org_id, key)
        shell_tokens.end_sessions(connection, org_id, person_id, books.now)


def _own(office: Office, books: Books, key: int) -> None:
    own = passkeys.of(books.connection, books.org_id, office.person.person_id)
    if not any(one.key == key for one in own):
        raise Refused("passkey-gone")


def _name(typed: str) -> str:
    name = " ".join(typed.split())[:_MOST_NAME]
    if not name or not name.isprintable():
        raise Refused("passkey-needs-name")
    return name


def answer_of(answer: str) -> dict[str, Any]:
    """What a browser sent of an authenticator.  Raises `Refused` for what is no such thing."""
    try:
        told = json.loads(answer) if len(answer) <= MOST_ANSWER else None
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise Refused("passkey-unreadable")
    return told


def challenge_of(told: dict[str, Any]) -> bytes:
    """The challenge that an answer names.  Raises `Refused` where it names none."""
    from webauthn.helpers import base64url_to_bytes, parse_client_data_json

    response = told.get("response")
    text = response.get("clientDataJSON") if isinstance(response, dict) else None
    if not isinstance(text, str):
        raise Refused("passkey-unreadable")
    try:
        return parse_client_data_json(base64url_to_bytes(text)).challenge
    except Exception as error:
        # Whatever its parsers meet in bytes that anybody may send.
        raise Refused("passkey-unreadable") from error
