"""`bohari template`: what a shop can begin with, as files that a person reads and changes.

A template is a folder with `shop.bohari`, a file of commands (see `apply`) whose first line, `init …`, says
how the organisation is founded, and the files of goods beside it.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import typer

from pos_app.cli import parsing
from pos_app.cli.answer import Answer
from pos_app.cli.apply import FOUNDING
from pos_app.cli.command import TOLD_NOTHING, Call, command, group, noun
from pos_app.cli.command_file import read_commands
from pos_app.cli.needs import open_to_all
from pos_app.ledger.errors import Refused, Unavailable
from resources import resource

app: Final = noun()
template_app: Final = group(app, "template", "The templates that a shop can begin with.")

SHOP: Final = "shop.bohari"
_NAMES: Final = ("lpg-singapore", "depots-kenya", "empty")

TaxCode = tuple[str, str, int, str]


@dataclass(frozen=True)
class FoundingDetails:
    """How an organisation is founded; what is not said is as the template says, or as ever."""

    currency: Annotated[str, typer.Option(help="Its base currency; KES.")] = ""
    time_zone: Annotated[str, typer.Option(metavar="ZONE", help="Africa/Nairobi, Asia/Singapore.")] = ""
    cash_step: Annotated[
        str, typer.Option(metavar="AMOUNT", help="To what cash is rounded; the smallest coin there is.")
    ] = ""
    business: Annotated[str, typer.Option(metavar="CODE", help="Its first business; MAIN.")] = ""
    business_name: Annotated[str, typer.Option(help="What that is called; as the organisation.")] = ""
    depot: Annotated[str, typer.Option(metavar="CODE", help="Its first depot; MAIN.")] = ""
    depot_name: Annotated[str, typer.Option(help="What that is called; Main depot.")] = ""
    letter: Annotated[str, typer.Option(help="What printed numbers there begin with; M.")] = ""
    tax_code: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CODE:NAME:PERCENT[:HOW]",
            help="A tax code instead of the Kenyan ones; again. HOW: inclusive, exclusive, exempt, zero.",
        ),
    ] = None

    def tax_codes(self) -> list[TaxCode] | None:
        """Code, name, basis points and treatment of each; None where nothing was said.  Raises `Refused`."""
        return None if self.tax_code is None else [_tax_code(one) for one in self.tax_code]


def _tax_code(written: str) -> TaxCode:
    parts = [one.strip() for one in written.split(":")]
    if len(parts) not in (3, 4) or not parts[0] or not parts[1]:
        raise Refused("tax-code-malformed", text=written[:60])
    return parts[0], parts[1], parsing.percent(parts[2]), parts[3] if len(parts) == 4 else "inclusive"


def find(name: str) -> Path:
    """The file of commands of a template that ships with the product, or of a folder or file of one's own.

    Raises `Refused` with the names that there are.
    """
    for path in (resource("templates", name, SHOP) if name in _NAMES else Path(name, SHOP), Path(name)):
        if path.is_file():
            return path
    raise Refused("template-unknown", name=name[:60], names=", ".join(_NAMES))


def founding_of(file: Path) -> FoundingDetails:
    """How the first line of a template founds an organisation.

    Raises `Refused` for words there that found none, and for what `read_commands` raises.
    """
    words = next((one.words[1:] for one in read_commands(file) if one.words[0] == FOUNDING), ())
    told: dict[str, str] = {}
    taxes: list[str] = []
    known = set(FoundingDetails.__dataclass_fields__)
    for option, value in zip(words[::2], [*words[1::2], ""], strict=False):
        name = option.removeprefix("--").replace("-", "_")
        if not option.startswith("--") or name not in known or not value:
            raise Refused("template-founding", option=option[:40])
        if name == "tax_code":
            taxes.append(value)
        else:
            told[name] = value
    return FoundingDetails(**told, tax_code=taxes or None)


@command(template_app, "list", TOLD_NOTHING, open_to_all("They ship with the product."))
def list_templates(_call: Call) -> Answer:
    """The templates that ship with the product, and where they lie."""
    rows = [{"template": name, "file": str(find(name))} for name in _NAMES]
    return Answer({"templates": rows}, [f"{one['template']:<16} {one['file']}" for one in rows])


@command(template_app, "copy", TOLD_NOTHING, open_to_all("They ship with the product."))
def copy(
    _call: Call,
    name: Annotated[str, typer.Argument(metavar="NAME", help="As “bohari template list” names it.")],
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A new folder.")],
) -> Answer:
    """A template to change, in a folder of one's own; then “bohari init --template FOLDER”."""
    file = find(name)
    try:
        shutil.copytree(file.parent, folder)
    except OSError as error:
        raise Unavailable("file-unwritable", path=folder, why=error.strerror) from error
    return Answer({"file": str(folder / SHOP)}, [f"Change {folder / SHOP}, then found with it."])
