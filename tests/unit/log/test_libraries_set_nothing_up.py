"""No library that a command loads writes our log on standard error."""

import subprocess
import sys


def test_what_is_loaded_before_the_log_begins_adds_no_handler() -> None:
    seen = (
        "import logging; import pos_app.cli; before = list(logging.getLogger().handlers)\n"
        "import escpos.capabilities, pos_app.cli.label\n"
        "print(logging.getLogger().handlers == before)"
    )
    ran = subprocess.run([sys.executable, "-c", seen], capture_output=True, text=True, check=True)
    assert (ran.stdout.strip(), ran.stderr) == ("True", "")
