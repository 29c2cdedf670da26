"""Gateways to telephones and mailboxes: an SMS gateway over HTTP, and SMTP.

    gateways_of("https://sms.example/send", "token", "smtps://user:secret@mail.example", "shop@example.org")

The SMS gateway is posted a JSON object (`id`, `to`, `message`, `from`), the token as a bearer, and the id
once more as Idempotency-Key: any 2xx means that it took the message.  What another gateway wants is a small
program beside the server that speaks this.
"""

import smtplib
import ssl
from email.message import EmailMessage
from typing import Final, NamedTuple, Protocol
from urllib.parse import unquote, urlsplit

import httpx

from pos_app.language import kept_code
from pos_app.ledger.errors import Refused
from pos_app.store.hooks.messages import MAYBE
from pos_app.store.hooks.wording import Worded

_TIMEOUT_S: Final = 20.0
_SILENT: Final = kept_code("message-gateway-silent")
_REFUSED: Final = kept_code("message-gateway-refused")
SMS: Final = "sms"
EMAIL: Final = "email"
_BUSY: Final = 429
_WRONG: Final = range(400, 500)
#: SMTP answers below are taken, from here refused for good.
_FOR_GOOD: Final = 500


class Went(NamedTuple):
    """How a try ended: it went, or `error` says why not; `again` it may be tried, `maybe` it went anyway."""

    error: str = ""
    again: bool = False
    maybe: bool = False


class Gateway(Protocol):
    """One way to customers."""

    channel: str

    def reaches(self, worded: Worded) -> bool:
        """Whether it has an address for this one."""

    def send(self, key: str, worded: Worded) -> Went:
        """Hand it over; `key` is the same at every try."""


class SmsGateway:
    """Short messages, over HTTP."""

    channel = SMS

    def __init__(self, url: str, token: str, sender: str) -> None:
        self._url, self._token, self._sender = url, token, sender

    def reaches(self, worded: Worded) -> bool:
        """Who has a telephone."""
        return bool(worded.phone)

    def send(self, key: str, worded: Worded) -> Went:
        """See `Gateway.send`."""
        head = {"Idempotency-Key": key}
        if self._token:
            head["Authorization"] = f"Bearer {self._token}"
        told = {
            "id": key,
            "to": "".join(worded.phone.split()),
            "message": worded.words,
            "from": self._sender,
        }
        try:
            answer = httpx.post(self._url, json=told, headers=head, timeout=_TIMEOUT_S)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            return Went(_SILENT, again=True)
        except httpx.HTTPError:
            return Went(MAYBE, maybe=True)
        if answer.is_success:
            return Went()
        for_good = answer.status_code in _WRONG and answer.status_code != _BUSY
        return Went(_REFUSED, again=not for_good)


class SmtpGateway:
    """E-mail."""

    channel = EMAIL

    def __init__(self, url: str, sender: str) -> None:
        """Raises `Refused` for what is no address of a mail server."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise Refused("smtp-address-wrong", url=url[:60]) from None
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise Refused("smtp-address-wrong", url=url[:60])
        self._host, self._is_tls = parts.hostname, parts.scheme == "smtps"
        self._port = port or (465 if self._is_tls else 587)
        self._user, self._secret = unquote(parts.username or ""), unquote(parts.password or "")
        self._sender = sender

    def reaches(self, worded: Worded) -> bool:
        """Who has an e-mail address."""
        return bool(worded.email)

    def send(self, key: str, worded: Worded) -> Went:
        """See `Gateway.send`; a second one of the same key has the same Message-ID."""
        letter = EmailMessage()
        letter["From"], letter["To"], letter["Subject"] = self._sender, worded.email, worded.subject
        letter["Message-ID"] = f"<{key}@bohari.invalid>"
        letter.set_content(worded.words)
        try:
            server = self._connected()
        except (OSError, smtplib.SMTPException):
            return Went(_SILENT, again=True)
        try:
            with server:
                server.send_message(letter)
        except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as error:
            code = error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else _FOR_GOOD
            return Went(_REFUSED, again=code < _FOR_GOOD)
        except (OSError, smtplib.SMTPException):
            return Went(MAYBE, maybe=True)
        return Went()

    def _connected(self) -> smtplib.SMTP:
        tls = ssl.create_default_context()
        if self._is_tls:
            server: smtplib.SMTP = smtplib.SMTP_SSL(self._host, self._port, timeout=_TIMEOUT_S, context=tls)
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=_TIMEOUT_S)
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=tls)
        if self._user:
            server.login(self._user, self._secret)
        return server


def gateways_of(sms: str, token: str, smtp: str, sender: str) -> list[Gateway]:
    """Those that are set up; SMS goes first.  Raises `Refused` for an address that is none."""
    found: list[Gateway] = []
    if sms:
        if not sms.startswith(("http://", "https://")):
            raise Refused("sms-address-wrong", url=sms[:60])
        found.append(SmsGateway(sms, token, sender))
    if smtp:
        found.append(SmtpGateway(smtp, sender))
    return found
