"""How far an organisation's audit log lies in an archive, signed by the centre in the note that says so.

Without the signature a note that anybody can write would explain why the entries before it are missing.
"""

from typing import Final

from sqlalchemy import Connection

from pos_app.store.engine import signing

#: What the note in the audit log is called.
ACTION: Final = "archive"


def told(connection: Connection, org_id: int, last: int) -> str:
    """What a note says: the last entry that was moved, and the centre's signature where there is one."""
    signer = signing.of(connection)
    return str(last) if signer is None else f"{last} {signer.sign(_text(org_id, last)).hex()}"


def end_of(connection: Connection, org_id: int, note: str) -> int:
    """The last entry that a note says was moved; 0 where the centre did not sign it."""
    number, _, signature = note.partition(" ")
    if not (number.isascii() and number.isdigit()):
        return 0
    signer = signing.of(connection)
    if signer is not None:
        from pos_app.store.engine import signatures

        try:
            raw = bytes.fromhex(signature)
        except ValueError:
            return 0
        if not signatures.holds(signer.public_key(), raw, _text(org_id, int(number))):
            return 0
    return int(number)


def _text(org_id: int, last: int) -> bytes:
    return f"bohari audit archived 1\n{org_id}\n{last}".encode()
