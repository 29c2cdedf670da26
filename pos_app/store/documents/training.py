"""Whether a till's database is one in which people learn, and how its papers say so."""

from typing import Final

from sqlalchemy import Connection

from pos_app.store.documents import settings

#: No till is given it; papers carry it in every number.
TERMINAL_NO: Final = 999_999
#: What stands on papers and before the names on screens, in both languages of the house.
MARK: Final = "TRAINING · MAFUNZO"
_SETTING: Final = "training"


def is_training(connection: Connection) -> bool:
    """Whether nothing here counts."""
    return bool(settings.get(connection, _SETTING))


def begin(connection: Connection) -> None:
    """Nothing here counts from now on."""
    settings.put(connection, **{_SETTING: "1"})
