"""What entries of the audit log speak of: whole subjects, and beginnings of subjects where rows have keys."""

from typing import NamedTuple


class Subjects(NamedTuple):
    """Entries whose subject is one of `whole`, or begins with one of `begun`."""

    whole: tuple[str, ...]
    begun: tuple[str, ...] = ()
