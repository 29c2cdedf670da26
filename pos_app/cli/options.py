"""The options that the commands of the books share."""

from pathlib import Path
from typing import Annotated

import typer

By = Annotated[
    str,
    typer.Option(
        "--by", metavar="CODE", envvar="BOHARI_BY", help="Who acts; their PIN is in BOHARI_PIN or asked."
    ),
]
On = Annotated[str, typer.Option("--on", metavar="DATE", help="The day it is dated; today.")]
Business = Annotated[
    str, typer.Option("--business", metavar="CODE", help="Whose books; the depot's business.")
]
Depot = Annotated[str, typer.Option("--depot", metavar="CODE", help="Where; the depot of the centre.")]
Currency = Annotated[str, typer.Option("--currency", metavar="USD", help="Of the amounts; the books' own.")]
Rate = Annotated[str, typer.Option("--rate", help="Base currency per unit, such as 129.55; the day's rate.")]
Note = Annotated[str, typer.Option("--note", help="A remark on it.")]
Lines = Annotated[Path | None, typer.Option("--lines", metavar="FILE.csv", help="The lines, with a header.")]
Line = Annotated[list[str] | None, typer.Option("--line", help="One line, its values separated by commas.")]
For = Annotated[
    list[str] | None,
    typer.Option("--for", metavar="NUMBER[=AMOUNT]", help="Which invoice or bill; what is due first."),
]
Paid = Annotated[
    list[str] | None,
    typer.Option("--paid", metavar="KIND=AMOUNT[:REF]", help="cash, mpesa, bank or card; again for more."),
]
Reason = Annotated[str, typer.Option("--reason", help="Why.")]
Reference = Annotated[str, typer.Option("--reference", help="What they call it.")]
Place = Annotated[str, typer.Option("--at", metavar="CODE", help="The place of the goods; the depot's own.")]
Due = Annotated[str, typer.Option("--due", metavar="DATE", help="When it is due; by the party's terms.")]
Terms = Annotated[int | None, typer.Option("--terms", min=0, help="Or due so many days later.")]
Output = Annotated[Path, typer.Option("--output", "-o", help="A file.")]
All = Annotated[bool, typer.Option("--all", help="All of them.")]
Post = Annotated[bool, typer.Option("--post", help="Post it at once, instead of a draft.")]
GiveUp = Annotated[bool, typer.Option("--give-up", help="Put the draft away.")]
Number = Annotated[str, typer.Argument(metavar="NUMBER", help="As printed: M1000000-I000001.")]
Draft = Annotated[
    str, typer.Argument(metavar="DRAFT", help="The beginning of its key, as the list shows it.")
]
Party = Annotated[str, typer.Argument(metavar="CODE", help="The party's code.")]
