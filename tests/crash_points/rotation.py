"""A till's key follows another while its disk is recorded: what the centre heard of goes on signing."""

from pathlib import Path
from typing import Any

from pos_app import bootstrap, settings
from pos_app.ledger.clock import SetClock
from pos_app.ledger.travel import Packet
from pos_app.store.documents import outbox, terminal
from pos_app.store.documents import settings as settings_of_till
from pos_app.store.engine import key_store
from sync.client import key_handover
from sync.protocol.messages import KeyAnswer, KeyRequest
from tests.crash_points.judge import HOME, documents_of
from tests.crash_points.life import DEED, Life
from tests.crash_points.recording import Recording
from tests.support.documents.specimens import MOMENT
from tests.support.worlds.till_fixture import CASHIER, KEY, MANAGER, Shop, make_till_database


class _Centre:
    """Vouches for whatever key it is told of."""

    def __init__(self, record: Recording) -> None:
        self._record = record

    def call(self, _path: str, request: KeyRequest, _answer: object) -> Any:
        """How many it knows now."""
        self._record.say("keys", [one.public_key for one in request.keys])
        return KeyAnswer(known=len(request.keys))


def rotation(folder: Path) -> Life:
    """A till that has sold gets a new key, and sells on under that."""
    root = folder / "rotation"
    home = root / HOME
    home.mkdir(parents=True)
    key_store.keep(home, key_store.DATABASE_KEY, KEY)
    settings.write(home, kind=bootstrap.HomeKind.TILL.value)
    make_till_database(home)
    bootstrap.open_till(home, SetClock(MOMENT)).close()
    shop = Shop.at(home / bootstrap.TILL_DATABASE, SetClock(MOMENT))
    shop.be(CASHIER)
    shop.open_drawer()
    before = [_taken(shop), shop.sell("SOAP")]
    record = Recording(root)
    with record.listening():
        for one in documents_of(shop.database):
            record.say("done", one.document_id)
        record.say(DEED, "key rotation")
        with shop.database.read() as connection:
            who = terminal.load(connection)
        centre: Any = _Centre(record)
        key_handover.rotate(
            shop.database, who, home, centre, person_id=MANAGER.person_id, now=SetClock(MOMENT).now()
        )
        record.say(DEED, "sale under the new key")
        record.say("done", shop.sell("MATCHES").document_id)
        documents = documents_of(shop.database)
        record.say(DEED, "end of the program")
        shop.database.close()
    if len(documents) != len(before) + 1:
        raise RuntimeError("not everything was recorded")
    return Life(record.calls, record.first, documents, folder / "no.key")


def _taken(shop: Shop) -> Packet:
    """The centre has the first document: by that it knows the first key."""
    with shop.database.write() as connection:
        who = terminal.load(connection)
        (first,) = outbox.read_after(connection, who, 0, most=1, most_bytes=1)
        settings_of_till.put(connection, acknowledged_seq=str(first.seq), acknowledged_hash=first.hash.hex())
    return first
