"""What a planted bug is: one small edit of one file, and who should find it."""

from typing import NamedTuple


class Bug(NamedTuple):
    """An edit as a tired person could make it.

    `file` is the path in the repository, `old` the text as it stands there once (else `place` counts from
    0), `new` what stands there instead, `why` what would come of it.  `found_by` names tests below `tests/`,
    files or single ones, the likeliest first; `simulate --seed 3 --sales 100` is a run of the simulator.

    `survives` says why no test finds it yet; empty for all that are found.
    """

    name: str
    file: str
    old: str
    new: str
    why: str
    found_by: tuple[str, ...]
    place: int = 0
    survives: str = ""
