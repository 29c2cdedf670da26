"""A group of commands whose modules are imported when one of them is used: its help reads none of them."""

import importlib
import importlib.util
from collections.abc import Mapping
from typing import Any, NamedTuple

from typer.core import TyperCommand, TyperGroup
from typer.main import get_group

from pos_app.ledger.errors import Unavailable


class Place(NamedTuple):
    """Where a command is: the module, whose `app` holds it by its name, and its line in the help."""

    module: str
    help: str


class LazyGroup(TyperGroup):
    """Commands by name.  Until one is used a stub stands for it, whose name and line the help shows."""

    def __init__(self, name: str, places: Mapping[str, "Place | LazyGroup"], **attributes: Any) -> None:
        """`places` says where each command is, or holds a further lazy group."""
        stubs: dict[str, Any] = {
            key: TyperCommand(key, help=each.help) if isinstance(each, Place) else each
            for key, each in places.items()
        }
        super().__init__(name=name, commands=stubs, no_args_is_help=True, rich_markup_mode=None, **attributes)
        self._places = places

    def load(self, name: str) -> Any:
        """The command itself, imported."""
        place = self._places[name]
        if isinstance(place, LazyGroup):
            return place
        try:
            module = importlib.import_module(place.module)
        except ImportError as error:
            if importlib.util.find_spec("psycopg_binary.pq") is not None:
                raise
            # A till without the package of the centre, asked for what only a centre does.
            raise Unavailable("own-centre-not-installed") from error
        return get_group(module.app).commands[name]

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The command that is meant, imported.  Raises a usage error for a name that none has."""
        name, stub, rest = super().resolve_command(ctx, args)
        return name, stub if name is None else self.load(name), rest
