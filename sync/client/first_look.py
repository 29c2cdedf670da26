"""A first look at a server, before anything of worth is sent to it: is it a Bohari centre, with which key and
certificate, and do our clocks agree?
"""

import hashlib
import ssl
import tempfile
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pos_app.ledger.errors import Refused
from sync.client.errors import ServerRefused, ServerUnreachable
from sync.client.known_centre import KnownCentre
from sync.client.transport import HttpTransport
from sync.protocol import plain_http, signature
from sync.protocol.messages import ENROL_PATH, EnrolAnswer, EnrolRequest

_CONNECT_S: Final = 5.0
_ANSWER_S: Final = 15.0
_GROUP: Final = 4
_SHOWN: Final = 32
_LONGEST: Final = 300


class Seen(NamedTuple):
    """What answered at an address.

    `fingerprint` is of the key that signed; `ahead_s` its clock less ours; `is_open` says that others on
    the way can read along.  `certificate` (PEM) is there where no well-known authority vouches for it, and
    `certificate_print` is the beginning of its SHA-256, for a person to compare.
    """

    url: str
    fingerprint: str
    ahead_s: int
    is_open: bool
    certificate: str = ""
    certificate_print: str = ""


def look(typed: str) -> Seen:
    """Look at what a person typed: an address with or without its scheme; without one, TLS is tried first.

    Raises `Refused` for what is no address, `ServerUnreachable` when no centre answers there.
    """
    tries = _addresses(typed)
    trouble: ServerUnreachable | None = None
    for url in tries:
        try:
            return _seen(url)
        except ServerUnreachable as error:
            # What the first way says is what is meant, unless the second one answers.
            trouble = trouble or error
    if trouble is None:
        raise Refused("not-a-server-address", url=typed[:80])
    if trouble.code in ("no-server-answers", "server-too-slow", "server-connection-broke"):
        raise ServerUnreachable("enrol-no-server", url=tries[0]) from trouble
    raise trouble


def _addresses(typed: str) -> list[str]:
    text = typed.strip().rstrip("/")
    if not text or len(text) > _LONGEST or any(sign.isspace() for sign in text):
        return []
    if "://" in text:
        return [text.removesuffix("/office")] if text.partition("://")[0].lower() in ("http", "https") else []
    try:
        host = urlsplit(f"//{text}").hostname or ""
    except ValueError:
        return []
    ways = [f"https://{text}", f"http://{text}"]
    return ways[::-1] if plain_http.is_loopback(host) else ways


def _seen(url: str) -> Seen:
    try:
        return _asked(url, None)
    except ServerUnreachable as error:
        if error.code != "certificate-not-trusted":
            raise
        return _own_certificate(url, error)


def _own_certificate(url: str, error: ServerUnreachable) -> Seen:
    """A server with a certificate that nobody vouches for; its name and dates must be right all the same."""
    parts = urlsplit(url)
    try:
        pem = ssl.get_server_certificate((parts.hostname or "", parts.port or 443), timeout=_CONNECT_S)
    except (OSError, ValueError):
        raise error from None
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "seen.pem"
        file.write_text(pem, encoding="ascii")
        seen = _asked(url, file)
    digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest().upper()[:_SHOWN]
    groups = " ".join(digest[at : at + _GROUP] for at in range(0, _SHOWN, _GROUP))
    return seen._replace(certificate=pem, certificate_print=groups)


def _asked(url: str, authority: Path | None) -> Seen:
    centre = KnownCentre(is_looked_at=True)
    transport = HttpTransport(
        url,
        Ed25519PrivateKey.generate(),
        signature.NOBODY,
        centre,
        connect_limit_s=_CONNECT_S,
        read_limit_s=_ANSWER_S,
        answer_limit_s=_ANSWER_S,
        ca_file=authority,
        # Nothing is sent but a question without a code; the answer is signed.
        insecure=True,
    )
    try:
        # Without a key nobody is enrolled: what comes back is a refusal, and who refuses has signed it.
        transport.call(ENROL_PATH, EnrolRequest(code="", public_key=b""), EnrolAnswer)
    except ServerRefused:
        pass
    finally:
        transport.close()
    return Seen(url, centre.fingerprint, centre.ahead_s, plain_http.is_open(url))
