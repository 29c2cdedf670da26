"""The one door to python-escpos: imports it late, quietly, and cleans up behind it.

The import reads a database of printers (some tenths of a second), so it waits until something is printed.
"""

import os
import shutil
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from escpos.capabilities import Profile


@cache
def printer_profile() -> "Profile":
    """A printer with the features that every ESC/POS printer has, 576 dots wide.

    The library's own default profile does not know its width, and says so on standard output at every
    picture, in the middle of what a command with `--json` prints there.
    """
    from escpos import capabilities

    # The library writes a cache into a fresh temporary folder at every start and leaves it there. A folder
    # that somebody named on purpose is theirs.
    if "ESCPOS_CAPABILITIES_PICKLE_DIR" not in os.environ:
        shutil.rmtree(capabilities.pickle_dir, ignore_errors=True)
    default: dict[str, Any] = dict(capabilities.CAPABILITIES["profiles"]["default"])
    profile = capabilities.Profile(features=default["features"])
    profile.profile_data = {**default, "media": {"dpi": 203, "width": {"mm": 72, "pixels": 576}}}
    return profile
