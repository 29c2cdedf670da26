"""The state of the sync, kept in the till's settings where the till reads it (`terminal.sync_state`)."""

from collections.abc import Sequence

from pos_app.language import Sentence
from pos_app.ledger.clock import Clock
from pos_app.ledger.errors import BohariError
from pos_app.log import events
from pos_app.store.documents import outbox, settings, terminal
from pos_app.store.documents.terminal import Terminal
from pos_app.store.engine.engine import Database
from pos_app.store.feed import baseline
from pos_app.store.tables.columns import micros
from sync.protocol.messages import SetAside


class Status:
    """Writes what the daemon knows, as seldom as it can: each write is a commit on the till's disk."""

    def __init__(self, database: Database, who: Terminal, clock: Clock) -> None:
        self._database = database
        self._who = who
        self._clock = clock
        #: What is in the log as wrong: a line when it changes, not with every try.
        self._logged: str | None = None

    def well(self) -> None:
        """The centre was reached, and all it had for this till has come; nothing is wrong."""
        if self._logged != "":
            self._logged = ""
            events.SYNC_WELL.log()
        with self._database.write() as connection:
            now = str(micros(self._clock.now()))
            settings.put(connection, last_contact_us=now, balances_us=now, sync_error="")

    def trouble(self, sentence: Sentence, error: BohariError | None = None) -> None:
        """Keep what is wrong, in a sentence; nothing is written when it is known.

        A known `error` is logged when it is another than before.
        """
        if error is not None and sentence != self._logged:
            self._logged = sentence
            events.SYNC_TROUBLE.log(error)
        with self._database.read() as connection:
            if settings.get(connection, "sync_error") == sentence:
                return
        with self._database.write() as connection:
            settings.put(connection, sync_error=str(sentence), sync_error_says=terminal.told(sentence))

    def acknowledged(self, seq: int, hash_: bytes, quarantined: int, aside: Sequence[SetAside] = ()) -> None:
        """The centre has everything up to `seq`; so many documents lie in its quarantine.

        `aside` names those of them that were not told before.  They leave the balances in the same
        transaction: a till killed in between would never hear of them again.
        """
        with self._database.write() as connection:
            own = [
                one.seq
                for one in aside
                if one.seq <= seq and one.hash == outbox.hash_at(connection, self._who, one.seq)
            ]
            if own:
                baseline.set_aside(connection, self._who, own)
                events.SET_ASIDE.log(sequences=own)
            settings.put(
                connection,
                acknowledged_seq=str(seq),
                acknowledged_hash=hash_.hex(),
                quarantined=str(quarantined),
                last_contact_us=str(micros(self._clock.now())),
            )

    def freeze(self, sentence: Sentence) -> None:
        """From now on the journal refuses to record."""
        with self._database.write() as connection:
            settings.put(
                connection,
                frozen=str(sentence),
                frozen_code=sentence.code,
                sync_error=str(sentence),
                sync_error_says=terminal.told(sentence),
            )
        if sentence != self._logged:
            self._logged = sentence
            (events.REVOKED if sentence.code == terminal.REVOKED else events.FROZEN).log()

    def thaw(self) -> None:
        """The journal may record again."""
        with self._database.write() as connection:
            settings.put(connection, frozen="", frozen_code="", handed_over_seq="")
        events.THAWED.log()
