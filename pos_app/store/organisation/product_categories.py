"""The category that the row of a product names: known whatever its case, made where there is none yet."""

from collections.abc import Mapping

from sqlalchemy import Connection

from pos_app.language import Sentence, said
from pos_app.store.master import categories
from pos_app.store.organisation.product_row import ProductRow


def refused(connection: Connection, org_id: int, rows: Mapping[int, ProductRow]) -> dict[int, Sentence]:
    """Which rows (by key) name an archived category and are sold: nothing is put into one."""
    archived = {one.name.casefold() for one in categories.all_of(connection, org_id) if not one.active}
    return {
        key: said("category-archived", name=(row.category or "")[:40])
        for key, row in rows.items()
        if row.active and (row.category or "").casefold() in archived
    }


def settle(connection: Connection, org_id: int, rows: dict[int, ProductRow]) -> None:
    """Spell the categories of rows as they are spelt, and make those that there are not yet."""
    spelt = {one.name.casefold(): one.name for one in categories.all_of(connection, org_id)}
    new: list[str] = []
    for key, row in rows.items():
        word = row.category or ""
        if not word:
            continue
        if word.casefold() not in spelt:
            spelt[word.casefold()] = word
            new.append(word)
        rows[key] = row._replace(category=spelt[word.casefold()])
    categories.add(connection, org_id, new)
