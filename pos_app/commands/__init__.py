"""The bodies of the `bohari` commands, one file each: they call the rooms and give an `Answer`.

Decisions
---------
2026-11-20  A command prints nothing while it works but progress on standard error; it gives an
`Answer`, of which `cli` prints the text or the one JSON object.

2026-11-20  An import that refused rows and took the rest has succeeded (exit 0, `refused` says how
many); with `--strict` a refused row is a failure (exit 1) and nothing was imported.  `recalculate`
that mended what had drifted has succeeded; with `--dry-run` drift is a failure.
"""
