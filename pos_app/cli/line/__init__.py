"""The command line of the books: every subcommand's words, each a call into `pos_app.cli`.

One Typer group a noun.  Whatever writes names who acts (`--by`, with their PIN in BOHARI_PIN or asked), takes
its lines from a CSV file or from repeated options, and says what it recorded.  What a command imports it
imports when it runs: `bohari till` must not load the office.
"""

import typer

from pos_app.cli.line import accounting, invoices, purchases, registers, treasury


def register(app: typer.Typer, import_app: typer.Typer) -> None:
    """Add the commands of the books to the command line, and the import of invoices to `import`."""
    for one in (invoices, purchases, treasury, accounting, registers):
        one.register(app)
    invoices.register_import(import_app)
