"""An event: what is logged under one name, at one level, with which facts, and what it means to a person."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

#: What a fact may be: what JSON says without being asked twice.
Fact: TypeAlias = "str | int | bool | Sequence[Fact] | Mapping[str, Fact] | None"

#: The root of our loggers; an event's logger is the one of its room below it.
ROOT: Final = "bohari"


@dataclass(frozen=True, slots=True)
class Event:
    """`name` is what the line says, `room` which part of Bohari says it, `level` one of `logging`'s.

    `meaning` says to whom it matters and what to do; `facts` names what may be written beside it.
    """

    name: str
    room: str
    level: int
    meaning: str
    facts: tuple[str, ...] = ()

    def log(self, error: BaseException | None = None, /, **facts: Fact) -> None:
        """Write a line with these facts; those that the event does not declare are left out.

        `error` is written with its class, its code and its sentence, and with its traceback where the event
        is an error: what is known needs none.
        """
        logger = logging.getLogger(f"{ROOT}.{self.room}")
        if not logger.isEnabledFor(self.level):
            return
        with_trace = error is not None and self.level >= logging.ERROR
        logger.log(
            self.level,
            self.name,
            exc_info=error if with_trace else None,
            extra={"facts": {name: facts[name] for name in self.facts if name in facts}, "error": error},
            stacklevel=2,
        )
