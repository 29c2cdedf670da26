"""The words that every import from a file takes."""

from pathlib import Path
from typing import Annotated

import typer

File = Annotated[Path, typer.Argument(help="A CSV or XLSX file with a header line.")]
Strict = Annotated[bool, typer.Option("--strict", help="Import nothing if any row is refused.")]
