"""Enrolling a till: a key of its own, a one-time code, and the identity that comes back."""

from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pos_app.ledger.errors import Refused
from pos_app.log import events
from pos_app.store.documents import settings, terminal
from pos_app.store.documents.terminal import Terminal
from pos_app.store.engine.engine import Database
from sync.client.key import load_or_make
from sync.client.transport import HttpTransport, Transport
from sync.protocol.messages import ENROL_PATH, EnrolAnswer, EnrolRequest

Connect = Callable[[str, Ed25519PrivateKey, str], Transport]


def enrol(
    database: Database,
    key_path: Path,
    server_url: str,
    code: str,
    *,
    name: str = "",
    connect: Connect = HttpTransport,
) -> Terminal:
    """Make this till a terminal of the centre and keep who it is; an answer lost on the way is asked
    for again with the same code.

    Raises `Refused` when the till is enrolled already or the code does not hold, `Unavailable` when
    no server answers.
    """
    with database.read() as connection:
        if settings.get(connection, "terminal_no"):
            raise Refused("enrolled-already")
    # The key is on disk before the server hears of it: a till that loses the answer still has it.
    key = load_or_make(key_path)
    transport = connect(server_url, key, "0.0")
    request = EnrolRequest(code=code, public_key=key.public_key().public_bytes_raw(), name=name)
    try:
        answer = transport.call(ENROL_PATH, request, EnrolAnswer)
    finally:
        transport.close()
    enrolled = Terminal(answer.org_id, answer.terminal_no, answer.depot_id, answer.drawer_id)
    with database.write() as connection:
        terminal.save(connection, enrolled)
        settings.put(connection, server_url=server_url.rstrip("/"), epoch=answer.epoch)
    events.ENROLLED.log(org_id=enrolled.org_id, terminal_no=enrolled.terminal_no, depot_id=enrolled.depot_id)
    return enrolled
