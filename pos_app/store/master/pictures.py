"""Pictures as rows: of products for their tiles, of businesses for their papers; base64, empty for none."""

import base64
from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, bindparam, text

from pos_app.store.master import master_edit
from pos_app.store.tables import master

#: With what a PNG and a JPEG begin.
_BEGINS: Final = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
_OF_PRODUCTS: Final = text(
    "SELECT product_id, picture FROM product_picture"
    " WHERE org_id = :org AND product_id IN :keys AND picture <> ''"
).bindparams(bindparam("keys", expanding=True))


def drawn(kept: str) -> bytes:
    """The bytes of a kept picture; none of what is no PNG or JPEG any more: no paper waits for it."""
    try:
        told = base64.b64decode(kept, validate=True)
    except ValueError:
        return b""
    return told if told.startswith(_BEGINS) else b""


def of_products(connection: Connection, org_id: int, product_ids: Sequence[int]) -> dict[int, str]:
    """The pictures of those of these products that have one."""
    if not product_ids:
        return {}
    rows = connection.execute(_OF_PRODUCTS, {"org": org_id, "keys": list(product_ids)})
    return {int(row[0]): str(row[1]) for row in rows}


def logos(connection: Connection, org_id: int) -> dict[int, str]:
    """The logos of the businesses that have one."""
    rows = connection.execute(
        text("SELECT business_id, picture FROM business_logo WHERE org_id = :org AND picture <> ''"),
        {"org": org_id},
    )
    return {int(row[0]): str(row[1]) for row in rows}


def put_logo(connection: Connection, org_id: int, business_id: int, picture: str) -> bool:
    """Give a business a logo, or (empty) take it away; gives whether that changed anything."""
    if logos(connection, org_id).get(business_id, "") == picture:
        return False
    master_edit.put(connection, master.business_logo, org_id, business_id=business_id, picture=picture)
    return True
