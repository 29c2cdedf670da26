"""Tables of who is at a shell or a browser: sessions, tokens, second proofs, and the founding owner's key.

A secret is never here, only its hash.  Nothing of it travels: a token holds in the database that it was
made in.
"""

from typing import Final

from sqlalchemy import PrimaryKeyConstraint, Table, UniqueConstraint

from pos_app.store.tables.central import central_metadata
from pos_app.store.tables.columns import Bytes, Moment, String, may, must
from pos_app.store.tables.tables import ledger_metadata

#: A session (`login`; of one account of the machine), a token of a job (`token add`) or a session of the back
#: office in a browser (`web`; `account` is its address, `name` the browser) or a token of the API (`api`).
#: `rights` are the permissions that it is limited to, separated by spaces; empty is all that the person has.
shell_token: Final = Table(
    "shell_token",
    ledger_metadata,
    must("org_id"),
    must("token_id"),
    must("person_id"),
    must("kind", String),
    must("name", String),
    must("secret_hash", Bytes),
    must("rights", String, default=""),
    must("account", String, default=""),
    must("made_at", Moment),
    must("expires_at", Moment),
    may("used_at", Moment),
    may("revoked_at", Moment),
    PrimaryKeyConstraint("org_id", "token_id"),
    sqlite_strict=True,
)

#: Wrong PINs and recovery keys at shells of the centre; a till has one of the same name for its window too.
sign_in_state: Final = Table(
    "sign_in_state",
    central_metadata,
    must("org_id"),
    must("person_id"),
    must("failures"),
    may("locked_until", Moment),
    must("left_ms", default="0"),
    must("at_ms", default="0"),
    must("boot", String, default=""),
    PrimaryKeyConstraint("org_id", "person_id"),
)

#: The keys that give an owner a new PIN: one counts, the others are used or were replaced.
recovery_key: Final = Table(
    "recovery_key",
    central_metadata,
    must("org_id"),
    must("key_no"),
    must("key_hash", Bytes),
    must("made_at", Moment),
    may("ended_at", Moment),
    PrimaryKeyConstraint("org_id", "key_no"),
)

#: What a person proves beside their PIN in a browser, closed (see `engine.pepper`): the slow hash of a
#: password, the secret of one-time codes; `totp_step` is the last one that was used.  Empty is none.
web_secret: Final = Table(
    "web_secret",
    central_metadata,
    must("org_id"),
    must("person_id"),
    must("password_hash", String, default=""),
    must("totp_secret", String, default=""),
    must("totp_step", default="0"),
    PrimaryKeyConstraint("org_id", "person_id"),
)

#: The passkeys with which people sign in in a browser: `credential` is how an authenticator calls it,
#: `closed` its public key (see `engine.pepper`; empty: taken away), `sign_count` the counter of its
#: authenticator, `answered_us` the moment (microseconds) of the last challenge that it answered.
passkey: Final = Table(
    "passkey",
    central_metadata,
    must("org_id"),
    must("passkey_id"),
    must("person_id"),
    must("credential", Bytes),
    must("name", String),
    must("closed", String),
    must("sign_count", default="0"),
    must("answered_us", default="0"),
    must("made_at", Moment),
    may("used_at", Moment),
    PrimaryKeyConstraint("org_id", "passkey_id"),
    UniqueConstraint("org_id", "credential"),
)

SHELL: Final = (shell_token, sign_in_state, recovery_key, web_secret, passkey)
