"""Where our cylinders and bottles are, as far as this till knows, and what made them more or fewer."""

from collections.abc import Sequence

from pos_app.store.stock import cylinders
from pos_app.store.stock.cylinders import Changed, Owned
from pos_app.till.session.context import Context

#: The window speaks of them as the till does, without knowing the store.
__all__ = ["Changed", "Cylinders", "Owned"]


class Cylinders:
    """The cylinders of all depots together."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def owned(self) -> list[Owned]:
        """Each kind: full and empty here, at customers, at suppliers, on the road."""
        with self._context.database.read() as connection:
            return cylinders.owned(connection, self._context.org_id)

    def changed(self, product_id: int) -> Sequence[Changed]:
        """This till's documents after which there were more or fewer of a kind, oldest first."""
        with self._context.database.read() as connection:
            return cylinders.changed(connection, self._context.org_id, product_id)
