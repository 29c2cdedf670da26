"""Writing a file that a person asked for: whoever opens it finds all of it, or the one before."""

from collections.abc import Iterable
from pathlib import Path

from pos_app.ledger.errors import Unavailable


def write_whole(output: Path, pieces: Iterable[bytes]) -> None:
    """Write beside its place first, then put it there.  Raises `Unavailable` when it cannot be written."""
    making = output.with_name(output.name + ".making")
    try:
        with making.open("wb") as handle:
            handle.writelines(pieces)
        making.replace(output)
    except OSError as error:
        raise Unavailable("home-unwritable", home=output, why=error.strerror) from error
