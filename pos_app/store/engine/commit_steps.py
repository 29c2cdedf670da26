"""What is still to be done at the end of a transaction: just before its commit, and after it.

Kept with the driver's connection, so that whoever writes can ask for it wherever the transaction began; it
is taken off when the transaction ends, whatever way.
"""

from typing import Final, Protocol

from sqlalchemy import Connection

_STEPS: Final = "bohari commit steps"


class Step(Protocol):
    """One thing to do, once a transaction."""

    def before(self, connection: Connection) -> None:
        """In the transaction, as its last statements; what it raises rolls the whole back."""

    def after(self) -> None:
        """The commit is done.  Raises nothing."""


def get(connection: Connection, name: str) -> Step | None:
    """The step of this name, when one is to be done."""
    found: dict[str, Step] = connection.info.get(_STEPS, {})
    return found.get(name)


def add(connection: Connection, name: str, step: Step) -> None:
    """To be done at the end of the transaction that runs, after those that were added before."""
    connection.info.setdefault(_STEPS, {})[name] = step


def take(connection: Connection) -> list[Step]:
    """All that is to be done, and no longer."""
    found: dict[str, Step] | None = connection.info.pop(_STEPS, None)
    return [] if found is None else list(found.values())
