"""Who this till is and which centre it believes, under its own signature.

Decisions
---------
2026-11-30  The settings lie in the file, and whoever has its key could name another depot, another address
and another centre's key there.  So the terminal signs them, with the key that is not in the file; whoever
changes one of them by `put` signs anew, on top of what held before and of nothing else.  That a till has
signed is kept beside its counts: the signature cannot be taken away.  An older state that held once comes
back only together with the key of that time, which the next answer of the centre does not fit.
"""

import contextlib
from typing import Final

from sqlalchemy import Connection

from pos_app.language import Sentence, heard
from pos_app.ledger.errors import BohariError, Damaged
from pos_app.store.documents import settings
from pos_app.store.engine import commit_steps, signing
from pos_app.store.engine.signed_count import Count, Point
from pos_app.store.engine.signing import Signing

NAMES: Final = (
    "org_id",
    "terminal_no",
    "depot_id",
    "drawer_id",
    "server_url",
    "server_key",
    "server_key_next",
    "server_key_told",
)
_SIGNATURE: Final = "identity_signature"
#: The file that says that there is one.
_COUNT: Final = "identity"


def put(connection: Connection, **values: str) -> None:
    """Set settings, some of them of `NAMES`, inside the caller's transaction."""
    # A file in which nobody is enrolled has nothing to be whole: what this home signed was another one.
    # A key that cannot be had raises: what is set unsigned would be an edit for ever.
    is_whole = not settings.get(connection, "terminal_no") or not _edited(connection)
    settings.put(connection, **values)
    if is_whole:
        _sign(connection)


def check(connection: Connection) -> None:
    """Raise `Damaged` when they are not what was signed; a till of before signs them now.

    The caller's transaction writes.
    """
    found = problem(connection)
    if found:
        raise Damaged(found)
    signer = signing.of(connection)
    if not settings.get(connection, "terminal_no") or signer is None:
        return
    if settings.get(connection, _SIGNATURE):
        # The power may have gone between the commit and the file.
        commit_steps.add(connection, _COUNT, _Noted(signer))
    else:
        _sign(connection)


def problem(connection: Connection) -> Sentence:
    """What is wrong with them; empty when nothing is, or nothing was ever signed."""
    try:
        return Damaged("identity-edited").said if _edited(connection) else heard("")
    except BohariError as error:
        return error.said


def _edited(connection: Connection) -> bool:
    """Whether they are not what was signed.  Raises what the key and the file raise."""
    signer = signing.of(connection)
    if signer is None:
        return False
    kept = settings.get(connection, _SIGNATURE)
    file = signer.count(_COUNT)
    if not kept and (file is None or file.read() is None):
        return False
    # Whoever asks has the cryptography loaded, or can wait for it.
    from pos_app.store.engine import signatures

    signature, text = _bytes(kept), _text(connection)
    return not any(signatures.holds(one.public_key, signature, text) for one in signer.own_keys())


def _sign(connection: Connection) -> None:
    signer = signing.of(connection)
    if signer is None or not settings.get(connection, "terminal_no"):
        return
    settings.put(connection, **{_SIGNATURE: signer.sign(_text(connection)).hex()})
    commit_steps.add(connection, _COUNT, _Noted(signer))


class _Noted:
    """Once the signature is committed the file says that there is one: the other way round a commit that
    fails would leave a till that was never signed and has to be.
    """

    def __init__(self, signer: Signing) -> None:
        self._signer = signer

    def before(self, connection: Connection) -> None:
        """Nothing: the file comes after the commit."""

    def after(self) -> None:
        """The next start of the daemon writes it where this does not."""
        with contextlib.suppress(BohariError):
            file = self._signer.count(_COUNT)
            if file is not None and file.read() is None:
                nothing = Point(0, bytes(32))
                file.write(Count(0, nothing, nothing))


def _text(connection: Connection) -> bytes:
    told = dict(zip(NAMES, settings.several(connection, *NAMES), strict=True))
    return f"bohari identity 1\n{told!r}".encode()


def _bytes(hex_: str) -> bytes:
    try:
        return bytes.fromhex(hex_)
    except ValueError:
        return b""
