"""Writes the table of log lines into docs/operations.md, from `pos_app/log/events.py`.

python packaging/log_lines.py            # write it
python packaging/log_lines.py --check    # exit 1 when it is not what the table of events says
"""

import logging
import sys
from pathlib import Path

from pos_app.log.events import EVENTS

PAGE = Path(__file__).resolve().parents[1] / "docs" / "operations.md"
HEADING = "## What the log says\n"
ABOUT = """\
Each program of a home writes `logs/PROGRAM.log` there (`till`, `syncd`, `server` and one for each of its
workers, `commands` for all others); the server writes the same lines to standard error. A file is rotated
at 2 MB, four old ones are kept. A line is one JSON object: `time` (UTC), `level`, `program`, `process`,
`thread`, `logger`, `message`, `where`, and the facts of the event; an error has its class (`error`), `code`
where it has one, its `sentence`, and `traceback` where it is a fault. No PIN, key, telephone number or
M-Pesa code is in it. `bohari doctor --support FILE.zip` gathers the logs and what it knows into one file
for whoever helps.

These are the messages of our own loggers (`bohari.*`); other libraries write under theirs, from `warning`
up.
"""


def section() -> str:
    """The section, as it should stand at the end of the page."""
    rows = [
        f"| `{one.name}` | {logging.getLevelName(one.level).lower()} | {one.meaning} |"
        f" {', '.join(f'`{fact}`' for fact in one.facts)} |"
        for one in EVENTS.values()
    ]
    return "\n".join(
        [HEADING + ABOUT, "| message | level | what it means | facts |", "|---|---|---|---|", *rows, ""]
    )


def page() -> str:
    """The page, as it should be."""
    return PAGE.read_text(encoding="utf-8").partition(HEADING)[0] + section()


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(page() != PAGE.read_text(encoding="utf-8"))
    PAGE.write_text(page(), encoding="utf-8")
