"""`bohari category`: under which words products stand on the tiles, in which order and colour."""

from typing import Annotated, Any, Final

import typer

from pos_app.cli import history
from pos_app.cli.acting import AT_WORK, LOOKING
from pos_app.cli.answer import Answer, counted
from pos_app.cli.command import command, group, noun
from pos_app.cli.needs import needs, somewhere
from pos_app.ledger.permission import Permission
from pos_app.office.masters import categories
from pos_app.office.masters.categories import Shown
from pos_app.office.masters.history import as_seen, revision
from pos_app.office.office import Office

app: Final = noun()
category_app: Final = group(app, "category", "The categories of products, and their order on the tiles.")

Category = Annotated[str, typer.Argument(metavar="CATEGORY", help="Its name.")]
Place = Annotated[int, typer.Option(help="1 stands first; 0 behind those that have a place.")]
Colour = Annotated[str, typer.Option(metavar="#RRGGBB", help="The edge of its tiles; empty: none.")]


@command(category_app, "list", LOOKING, needs(Permission.SEE_REPORTS))
def list_categories(office: Office) -> Answer:
    """Every category in the order of the tiles."""
    found = categories.listed(office)
    lines = [
        f"{one.row.place or '-':>4}  {one.row.name:<30} {one.products:>6} products  {one.row.colour}"
        f"{'' if one.row.active else '  archived'}"
        for one in found
    ]
    return Answer(
        {"categories": [_values(one) for one in found]},
        [*lines, f"{counted(len(found), 'category', 'categories')}."],
    )


@command(category_app, "show", LOOKING, needs(Permission.SEE_REPORTS))
def show_category(office: Office, name: Category) -> Answer:
    """One category."""
    values = _values(categories.show(office, name)) | {"revision": revision(office, "category", name)}
    return Answer(values, [f"{word:<10} {value}" for word, value in values.items() if value != ""])


@command(category_app, "history", LOOKING, history.MAY_SEE)
def category_history(office: Office, name: Category) -> Answer:
    """Who changed it, when, what it said before and says since."""
    return history.told(office, "category", name)


@command(category_app, "add", AT_WORK, somewhere(Permission.EDIT_MASTER))
def add_category(office: Office, name: Category, *, place: Place = 0, colour: Colour = "") -> Answer:
    """One more category; a product of an unknown one makes it by itself."""
    made = categories.add(office, name, place=place, colour=colour)
    return Answer({"category": made.name}, [f"{made.name} is a category now."])


@command(category_app, "edit", AT_WORK, somewhere(Permission.EDIT_MASTER))
def edit_category(
    office: Office,
    name: Category,
    *,
    new_name: Annotated[
        str | None, typer.Option("--name", help="Another name, on all of its products too.")
    ] = None,
    place: Annotated[int | None, typer.Option(help="1 stands first; 0 behind those with a place.")] = None,
    colour: Annotated[
        str | None, typer.Option(metavar="#RRGGBB", help="The edge of its tiles; empty: none.")
    ] = None,
    seen: history.Seen = None,
) -> Answer:
    """Another name, place or colour; tills show it as soon as they have synced."""
    with as_seen(office, "category", name, seen):
        changed = categories.edit(office, name, rename=new_name, place=place, colour=colour)
    words = "is changed; tills show it as soon as they have synced." if changed else "says so already."
    return Answer({"changed": changed}, [f"{name.strip()} {words}"])


@command(category_app, "archive", AT_WORK, somewhere(Permission.EDIT_MASTER))
def archive_category(
    office: Office,
    name: Category,
    *,
    into: Annotated[str, typer.Option(metavar="CATEGORY", help="Where its products go.")] = "",
) -> Answer:
    """Offer it no more; products that are sold in it go into another one first."""
    moved = categories.archive(office, name, into)
    lines = [f"{name.strip()} is archived."]
    lines += [f"{moved} products stand in {into.strip()} now."] if moved else []
    return Answer({"moved": moved}, lines)


@command(category_app, "restore", AT_WORK, somewhere(Permission.EDIT_MASTER))
def restore_category(office: Office, name: Category) -> Answer:
    """Offer an archived category again."""
    categories.restore(office, name)
    return Answer({"category": name.strip()}, [f"{name.strip()} is offered again."])


def _values(shown: Shown) -> dict[str, Any]:
    row = shown.row
    return {
        "name": row.name,
        "place": row.place,
        "colour": row.colour,
        "active": bool(row.active),
        "products": shown.products,
    }
