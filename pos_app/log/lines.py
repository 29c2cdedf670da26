"""A record as a line: one JSON object, in UTC, masked and bounded."""

import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from pos_app.ledger.errors import BohariError
from pos_app.log.redaction import redacted

#: The longest text of a line, and the longest traceback: its end says what went wrong.
MOST_TEXT: Final = 2_000
MOST_TRACE: Final = 20_000


class JsonLines(logging.Formatter):
    """Makes the lines of one program.

    A line has `time`, `level`, `program`, `process`, `logger`, `message`, `where`; the facts of the event;
    and of an error its class (`error`), `code` where it has one, `sentence`, and `traceback` of a fault.
    """

    def __init__(self, program: str) -> None:
        super().__init__()
        self._program = program

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "program": self._program,
            "process": record.process,
            "thread": record.threadName,
            "logger": record.name,
            "message": _bounded(redacted(record.getMessage())),
            "where": f"{record.module}:{record.lineno}",
        }
        line |= {
            name: masked(fact) for name, fact in getattr(record, "facts", {}).items() if name not in line
        }
        error = getattr(record, "error", None) or (record.exc_info[1] if record.exc_info else None)
        if isinstance(error, BaseException):
            line |= _told(error)
        if record.exc_info:
            line["traceback"] = redacted(self.formatException(record.exc_info))[-MOST_TRACE:]
        return json.dumps(line, ensure_ascii=False, default=str)


def masked(fact: object) -> object:
    """A fact as JSON may say it: every text in it masked and bounded."""
    if isinstance(fact, str):
        return _bounded(redacted(fact))
    if isinstance(fact, Mapping):
        return {str(name): masked(value) for name, value in fact.items()}
    if isinstance(fact, (list, tuple, set, frozenset)):
        return [masked(value) for value in fact]
    return fact if fact is None or isinstance(fact, (bool, int)) else _bounded(redacted(str(fact)))


def _told(error: BaseException) -> dict[str, str]:
    told = {"error": type(error).__name__}
    if isinstance(error, BohariError) and error.code:
        told["code"] = error.code
    return told | {"sentence": _bounded(redacted(str(error)))}


def _bounded(text: str) -> str:
    return text if len(text) <= MOST_TEXT else text[:MOST_TEXT] + "…"
