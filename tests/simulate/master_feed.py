"""The master data of a centre as its feed brings it: every row with the stamp of its last change."""

import functools
from bisect import bisect_right
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import select

from pos_app.store.engine.engine import Database
from pos_app.store.feed.intake import travelling
from pos_app.store.tables.master import MASTER
from tests.simulate.home import KEY
from tests.simulate.shop import fill
from tests.simulate.sums import Key, Row
from tests.support.worlds.prepared import written_once

#: What a page of each kind names.
MASTER_COLUMNS: Final = {"".join(table.name): tuple(travelling(table)) for table in MASTER}
_KEYS: Final = {
    "".join(table.name): [
        MASTER_COLUMNS["".join(table.name)].index("".join(column.name))
        for column in table.primary_key
        if column.name != "org_id"
    ]
    for table in MASTER
}
#: The stamp of what stood there from the beginning.
_FIRST: Final = 1


class MasterFeed:
    """Rows by kind, in the order of the feed: stamp, key, row."""

    def __init__(self, rows: Mapping[str, tuple[tuple[Any, ...], ...]]) -> None:
        self._of: dict[str, list[Row]] = {
            kind: sorted((_FIRST, _key(kind, row), row) for row in some) for kind, some in rows.items()
        }

    def change(self, kind: str, key: Key, stamp: int, **values: Any) -> None:
        """Another value in some columns of a row, in a transaction of this stamp."""
        rows = self._of[kind]
        place = next(place for place, row in enumerate(rows) if row[1] == key)
        cells = dict(zip(MASTER_COLUMNS[kind], rows.pop(place)[2], strict=True)) | values
        rows.append((stamp, key, tuple(cells.values())))

    def after(self, kind: str, last: tuple[int, Key]) -> list[Row]:
        """What lies behind a position of the feed."""
        rows = self._of[kind]
        return rows[bisect_right(rows, last, key=lambda one: one[:2]) :]

    def upto(self, kind: str, last: tuple[int, Key]) -> list[Row]:
        """What a till that stands there has been told."""
        rows = self._of[kind]
        return rows[: bisect_right(rows, last, key=lambda one: one[:2])]

    def copied(self) -> "MasterFeed":
        """The same, to be changed by itself."""
        made = MasterFeed({})
        made._of = {kind: rows[:] for kind, rows in self._of.items()}
        return made


def of_shop(tills: int) -> MasterFeed:
    """The master data that the shop of a simulation begins with."""
    return MasterFeed(_rows(tills))


@functools.cache
def _rows(tills: int) -> Mapping[str, tuple[tuple[Any, ...], ...]]:
    found: dict[str, tuple[tuple[Any, ...], ...]] = {}

    def read(database: Database) -> None:
        with database.write() as connection:
            fill(connection, tills)
            for table in MASTER:
                kind = "".join(table.name)
                wanted = select(*(table.columns[name] for name in MASTER_COLUMNS[kind]))
                found[kind] = tuple(tuple(row) for row in connection.execute(wanted))

    written_once(KEY, read)
    return found


def _key(kind: str, row: tuple[Any, ...]) -> Key:
    return tuple(row[place] for place in _KEYS[kind])
