"""A till that was taken away forgets what the centre told it: PINs, people, prices, customers, balances.

What it recorded itself it keeps, sent or not: documents are never deleted.  What its own papers need to be
read (whose shop it is, its accounts, taxes and places) stays too, and is printed on every receipt anyway.

Decisions
---------
2026-11-29  What is deleted is overwritten with zeros (`secure_delete`), and the write-ahead log is emptied
into the file and cut: the disk of a till may hold no PIN hash, for its key may lie beside the file.
"""

from typing import Final

from pos_app.store.documents import settings
from pos_app.store.engine.engine import Database
from pos_app.store.feed import baseline, cursors
from pos_app.store.orders import open_orders_till
from pos_app.store.tables import master
from pos_app.store.tables.local import request_out
from pos_app.store.tables.loyalty_table import loyalty_programme
from pos_app.store.tables.payment_tables import received_payment
from pos_app.store.tables.projections import PROJECTIONS
from pos_app.store.tables.promotion_tables import promotion, promotion_item
from pos_app.store.tables.unit_tables import pack_barcode, product_pack
from pos_app.store.tables.used_code_table import used_code

_ROWS: Final = 250
#: Whole tables, children before parents.
_EMPTIED: Final = (
    used_code,
    received_payment,
    promotion,
    promotion_item,
    loyalty_programme,
    pack_barcode,
    product_pack,
    request_out,
    master.request_answer,
    master.price_list_item,
    master.price_list_scope,
    master.price_list,
    master.party_group_member,
    master.party_group,
    master.contract_rate,
    master.party_meter,
    master.party_contact,
    master.party_role,
    master.party,
    master.reorder_level,
    master.product_barcode,
    master.product,
    master.person_role,
    master.role_permission,
    master.role,
)


def forget_all(database: Database, org_id: int) -> None:
    """Forget all that the feed brought and a stranger could use; once done, done again it changes nothing.

    Raises `Unavailable` when the disk refuses; it is done again with the next greeting then.
    """
    with database.read() as connection:
        if settings.get(connection, "forgotten"):
            return
    with database.write() as connection:
        connection.exec_driver_sql("PRAGMA secure_delete = ON")
        # Names stay: the papers of this till say who made them.
        connection.exec_driver_sql(
            "UPDATE person SET pin_hash = '', approval_wrap = '' WHERE org_id = ?", (org_id,)
        )
        connection.exec_driver_sql("DELETE FROM sign_in_state WHERE org_id = ?", (org_id,))
        for table in _EMPTIED:
            connection.exec_driver_sql(f"DELETE FROM {table.name} WHERE org_id = ?", (org_id,))
        cursors.forget(connection)
    for projection in PROJECTIONS:
        dropped = _ROWS if projection.from_centre else 0
        while dropped == _ROWS:
            with database.write() as connection:
                dropped = baseline.forget(connection, projection, _ROWS)
    dropped = _ROWS
    while dropped == _ROWS:
        with database.write() as connection:
            dropped = open_orders_till.forget(connection, _ROWS)
    with database.write() as connection:
        settings.put(connection, forgotten="1")
    database.cut_log()
