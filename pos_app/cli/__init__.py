"""The `bohari` command: it calls the rooms and gives an `Answer`, printed as text or as one JSON object.

Decisions
---------
2026-11-20  A command prints nothing while it works but progress on standard error; it gives an
`Answer`, of which the text or the one JSON object is printed.

2026-11-20  An import that refused rows and took the rest has succeeded (exit 0, `refused` says how
many); with `--strict` a refused row is a failure (exit 1) and nothing was imported.  `recalculate`
that mended what had drifted has succeeded; with `--dry-run` drift is a failure.

2026-11-29  A command is one function: its words are its signature, its help is its docstring.  A file bears
the name that its domain has in every room, or else its command's.  `bohari --help` reads a list and loads no
module (0.12 seconds of a core instead of 0.19); a command loads its own and no other's, so that its imports
stand at the top (`bohari till --help` costs 1.2 seconds now and was 0.4; `bohari till` itself is 6 to 9 %
quicker, because it no longer builds the words of 110 commands).

2026-11-29  `--org` is a value that whoever opens a centre hands on.  As a variable of the context it chose
the organisation of every centre that the process opened afterwards.
"""

from pos_app.cli.program import main

__all__ = ["main"]
