"""The `bohari` command: it calls the rooms and gives an `Answer`, printed as text or as one JSON object.

Decisions
---------
2026-11-20  A command prints nothing while it works but progress on standard error; it gives an
`Answer`, of which the text or the one JSON object is printed.

2026-11-20  An import that refused rows and took the rest has succeeded (exit 0, `refused` says how
many); with `--strict` a refused row is a failure (exit 1) and nothing was imported.  `recalculate`
that mended what had drifted has succeeded; with `--dry-run` drift is a failure.
"""

from pos_app.cli.program import main

__all__ = ["main"]
