"""Column types that mean the same on SQLite and on Postgres.

Every SQLite table is STRICT, so a float or a text in a money column is refused by the database.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import BigInteger, Column, Connection, DateTime, Dialect, LargeBinary, Text, TypeDecorator
from sqlalchemy.dialects.sqlite import INTEGER

from pos_app.store.side import is_till, on_till

#: 64-bit integers: keys, minor units, thousandths, flags (0 or 1).
Int = BigInteger().with_variant(INTEGER(), "sqlite")
Bytes = LargeBinary()
String = Text()

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def micros(moment: datetime) -> int:
    """Microseconds since 1970 in UTC: how SQLite keeps a moment."""
    return (moment - _EPOCH) // _MICROSECOND


def from_micros(value: int) -> datetime:
    """The moment that `micros` made a number of."""
    return _EPOCH + timedelta(microseconds=value)


def moment_of(value: Any) -> datetime:
    """A moment in UTC as either side's driver gives it, for SQL by hand."""
    return from_micros(value) if isinstance(value, int) else value.astimezone(UTC)


def kept(connection: Connection, moment: datetime) -> Any:
    """A moment as this side's tables keep it, for SQL by hand."""
    return micros(moment) if on_till(connection) else moment


class Moment(TypeDecorator[datetime]):
    """A moment in UTC: timestamptz on Postgres, microseconds since 1970 on SQLite.

    SQLite gives aware datetimes back naive; an integer cannot lose its zone.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """INTEGER on SQLite, TIMESTAMP WITH TIME ZONE elsewhere."""
        if is_till(dialect):
            return dialect.type_descriptor(INTEGER())
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """To the database; a naive datetime is a bug."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return micros(value) if is_till(dialect) else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """From the database, always in UTC."""
        if value is None:
            return None
        if isinstance(value, int):
            return from_micros(value)
        moment: datetime = value
        return moment.astimezone(UTC)


def must(name: str, type_: Any = Int, default: str | None = None) -> Column[Any]:
    """A column that always has a value."""
    return Column(name, type_, nullable=False, server_default=default)


def may(name: str, type_: Any = Int) -> Column[Any]:
    """A column that may be empty."""
    return Column(name, type_, nullable=True)
