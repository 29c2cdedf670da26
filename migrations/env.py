"""What alembic runs: inside the connection of `pos_app.store.schema.schema`, or by hand for a new migration.

By hand: `alembic -n till revision --autogenerate --head till@head --version-path
migrations/till/versions -m "what changes" -x url=...`.
"""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, create_engine

from pos_app.store.schema import schema
from pos_app.store.tables.columns import Int, Moment

_SIDE = context.config.config_ini_section


def _render(type_: str, item: Any, _: AutogenContext) -> str | Literal[False]:
    """Our two own column types by the names that a migration gives them itself."""
    if type_ != "type":
        return False
    if isinstance(item, Moment):
        return "MOMENT"
    return "INT" if item is Int else False


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=list(schema.METADATA[_SIDE]),
        render_item=_render,
        compare_type=True,
        include_object=lambda one, name, kind, *_: schema.is_compared(connection.dialect.name, kind, name),
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    _run(given)
else:
    url = context.get_x_argument(as_dictionary=True).get("url", "sqlite://")
    with create_engine(url).begin() as made:
        _run(made)
