"""The words that every import from CSV takes."""

from pathlib import Path
from typing import Annotated

import typer

File = Annotated[Path, typer.Argument(help="A CSV file with a header line.")]
Strict = Annotated[bool, typer.Option("--strict", help="Import nothing if any row is refused.")]
