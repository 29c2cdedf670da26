"""What is known of the damage of a database file: in this process, and by a mark beside the file in all.

Decisions
---------
2026-11-29  Whoever meets damage first (a sale, the daemon, the check of the night) leaves a mark beside
the file, `till.db.damaged`, and from then on nobody but the daemon, which hands over what waits, writes
into it: a till that sells on in a file with a broken page loses what it sells, page by page. Reading goes
on, as far as the pages can be read. The file itself stays as it is. A whole `verify` that finds nothing
wrong takes the mark away: the disk may have been read wrong once.
"""

import contextlib
import json
import os.path
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from pos_app.log import events
from pos_app.store.engine.errors import DamagedDatabase

_SUFFIX: Final = ".damaged"


class Damage:
    """The damage of one file; of the centre's database, which has no file here, without a mark."""

    def __init__(self, file: Path | None = None) -> None:
        self._mark = None if file is None else file.with_name(file.name + _SUFFIX)
        self._found: DamagedDatabase | None = None
        #: Whether this is the daemon: what is not sent yet is sent, and that it was is written down.
        self.is_sender = False

    def note(self, damage: DamagedDatabase, what: str = "") -> None:
        """Keep that the file is damaged; `what` says where, for the log.  Nothing is written in it from now
        on.

        At the centre it is logged: who asks again may meet a page that is well.
        """
        if self._found is None:
            events.DAMAGED.log(damage, what=what)
        is_known, self._found = self._found is not None, damage
        if self._mark is None or is_known:
            return
        now = datetime.now(UTC).isoformat(timespec="seconds")
        # A full disk keeps the mark away, and this process knows all the same.
        with contextlib.suppress(OSError), self._mark.open("x", encoding="utf-8") as mark:
            json.dump({"noticed_at": now, "code": damage.code, "what": what}, mark)

    def known(self) -> DamagedDatabase | None:
        """What to tell a person, where this process or another one noticed damage."""
        # Each write asks, and a Path takes five times as long to say.
        if self._mark is None or (self._found is None and not os.path.exists(self._mark)):  # noqa: PTH110
            return None
        return DamagedDatabase("database-damaged-noticed", file=self._mark)

    def refuse(self) -> None:
        """Raise `DamagedDatabase` where damage was noticed."""
        known = None if self.is_sender else self.known()
        if known is not None:
            raise known

    def lift(self) -> None:
        """All of the file was read and is well: forget what was noticed."""
        self._found = None
        if self._mark is not None:
            self._mark.unlink(missing_ok=True)
