"""Personal values at the centre: closed with a key that is not in the database, found by a blind index.

What is closed: telephone, address, email and tax number of parties and their contacts, references of tenders
(M-Pesa codes), who paid, the bytes of documents (codes stand in them), of what is on its way and of what
tills ask for, before and after of the audit log, and where other programs are told of it, with what it is
signed.  A till's whole file is encrypted, so there the same calls give the value back as it is.

Decisions
---------
2026-11-20  The chain's hash stays over the plain bytes of a document: it is what the terminal signed.
Only what lies in the table is closed, on the way in (`closed_rows`) and on the way out (`open_*`).

2026-11-20  Bytes and audit entries: AES-256-GCM with a random nonce.  A nonce made from the document's
hash would repeat when somebody sends other bytes under the same hash, which quarantine must keep.
Fields: AES-SIV (RFC 5297), the same value giving the same text, so that writing what stands there
already changes nothing; that two rows hold the same number is told by the blind index anyway.

2026-11-20  A field is one text: 22 characters of blind index (HMAC-SHA256 over the normalised value,
cut to 128 bits), then the closed value.  One column instead of two keeps the till's tables and the
messages as they are.  It is searched by prefix, with the operators of `text_pattern_ops`: they are
leakproof, so that the index is used under row-level security; `left(field, 22) = …` is not, and read the
whole table (`tests/contract/test_plans.py` found it).

2026-11-20  Each organisation has keys of its own (HKDF-SHA256 from the one key), so that equal numbers
of two organisations do not look alike and one organisation can leave with its own keys.

A lost key
----------
Balances, journal lines and stock are not closed and stay right; telephone numbers, codes and the
bytes of documents are gone for ever, and the server refuses to start with another key (`check`).
So keep a copy of `privacy.key` where the backups are not.

Changing the key
----------------
Nothing in the ledger may change, and the closed bytes lie under its seals: a new key means a new
database.  Stop the server; `bohari backup`; restore the dump into an empty database; there, as the
database's owner and with the triggers of `document`, `tender` and `audit_log` disabled (those of other
tables stay on: the trail tells of each row as it is closed anew), open each closed value with the old key
and close it with the new one; delete the row of `privacy_check`; put the new key in place; start the server
and run `bohari verify`, which opens every document and compares its hash.  The tills notice nothing: they
never see the key.
"""

from collections.abc import Callable
from typing import Final, NamedTuple, Protocol

from sqlalchemy import Connection, Engine

from pos_app.ledger.errors import Refused
from pos_app.store.side import on_till

#: How many characters of a closed field are its blind index: 128 bits in base64 without padding.
MARK_CHARACTERS: Final = 22


class Field(NamedTuple):
    """What is closed; `normalise` makes equal what people mean as equal, None when nobody searches."""

    name: str
    normalise: Callable[[str], str] | None = None


def _subscriber(phone: str) -> str:
    """The last nine digits: 0712…, 254712… and +254 712… are one telephone."""
    digits = "".join(character for character in phone if character.isdigit())
    return digits[-9:]


def _code(reference: str) -> str:
    return reference.strip().upper()


PHONE: Final = Field("party.phone", _subscriber)
ADDRESS: Final = Field("party.address", str.strip)
TAX_NUMBER: Final = Field("party.tax_number", _code)
EMAIL: Final = Field("party.email", lambda written: written.strip().casefold())
#: The columns of a party that are closed.
OF_PARTY: Final = {"phone": PHONE, "address": ADDRESS, "tax_number": TAX_NUMBER}
#: The columns of master data that are closed, by their tables.
OF_TABLE: Final = {
    "party": OF_PARTY,
    "party_contact": {"phone": PHONE, "email": EMAIL, "address": ADDRESS},
}
REFERENCE: Final = Field("tender.reference", _code)
BODY: Final = Field("document.body")
AUDIT: Final = Field("audit_log")
ARRIVAL: Final = Field("arrival.body")
REQUEST: Final = Field("request_in.body")
PAYER: Final = Field("payment.payer", str.strip)
PAYMENT_NOTICE: Final = Field("payment.notice")
#: What the address of a business for payments ends with: nobody guesses it.
PAYMENT_ADDRESS: Final = Field("payment.address")
HOOK_URL: Final = Field("webhook.url")
HOOK_SECRET: Final = Field("webhook.secret")
FISCAL_SECRET: Final = Field("fiscal_device.secret")


class Privacy(Protocol):
    """Closes and opens values of one organisation."""

    def encrypt_text(self, org_id: int, field: Field, plain: str) -> str:
        """The text as it lies in the database; an empty one stays empty."""
        ...

    def decrypt_text(self, org_id: int, field: Field, closed: str) -> str:
        """What was closed.  Raises `Damaged` when the key does not open it."""
        ...

    def encrypt_bytes(self, org_id: int, plain: bytes) -> bytes:
        """The bytes of a document as they lie in the database."""
        ...

    def decrypt_bytes(self, org_id: int, closed: bytes) -> bytes:
        """The bytes of a document.  Raises `Damaged` when the key does not open them."""
        ...

    def blind_index(self, org_id: int, field: Field, value: str) -> str:
        """The blind index that a closed field with this value begins with."""
        ...


class _Plain:
    """A till's: its file is encrypted as a whole."""

    def encrypt_text(self, org_id: int, field: Field, plain: str) -> str:
        return plain

    def decrypt_text(self, org_id: int, field: Field, closed: str) -> str:
        return closed

    def encrypt_bytes(self, org_id: int, plain: bytes) -> bytes:
        return plain

    def decrypt_bytes(self, org_id: int, closed: bytes) -> bytes:
        return closed

    def blind_index(self, org_id: int, field: Field, value: str) -> str:
        return value


# --- which one a connection has ---------------------------------------------------------------------

_PLAIN: Final = _Plain()
#: The engine's option that holds its vault.
OPTION: Final = "privacy"


def of(at: Connection | Engine) -> Privacy:
    """What closes and opens the values of the database that this leads to.

    Raises `Refused` at a centre that was opened without its key: nothing personal is ever written in
    plain there.
    """
    if on_till(at):
        return _PLAIN
    vault: Privacy | None = at.get_execution_options().get(OPTION)
    if vault is None:
        raise Refused("privacy-key-missing")
    return vault


def equals(connection: Connection, column: str, name: str) -> str:
    """SQL: whether a closed column has the value whose `mark` is bound under `name`."""
    if on_till(connection):
        return f"{column} = :{name}"
    # The characters of a mark all sort before a tilde.
    return f"{column} ~>=~ :{name} AND {column} ~<~ (:{name} || '~')"
