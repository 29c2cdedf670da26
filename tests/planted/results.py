"""What was found out about planted bugs, kept line by line: a round that was ended goes on where it stood."""

import hashlib
import json
from pathlib import Path

from tests.planted.asking import Told
from tests.planted.bug import Bug


class Results:
    """The answers in a file, one JSON object a line; without a file nothing is known and nothing kept."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._known: dict[str, Told] = {}
        if path is not None and path.exists():
            for line in path.read_text(encoding="utf-8").splitlines():
                one = json.loads(line)
                self._known[one["bug"]] = Told(one["failed"], one["seconds"], one["late"], one["lines"])

    def of(self, bug: Bug) -> Told | None:
        """What was told of this bug, planted as it stands now and asked of the tests that it names now."""
        return self._known.get(_key(bug))

    def keep(self, bug: Bug, told: Told) -> None:
        """One more answer; it is in the file when this comes back.  One that came too late is asked again."""
        self._known[_key(bug)] = told
        if self._path is None or told.late:
            return
        # What a test said is only of use where it found nothing.
        lines = "" if told.failed else told.lines
        one = {"bug": _key(bug), "failed": told.failed, "seconds": told.seconds, "late": told.late}
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({**one, "lines": lines}) + "\n")


def _key(bug: Bug) -> str:
    told = json.dumps([bug.file, bug.old, bug.new, bug.place, bug.found_by])
    return f"{bug.name} {hashlib.sha256(told.encode()).hexdigest()[:16]}"
