"""What a till's training begins with: the masters of the real one, under names that nobody mistakes.

Decisions
---------
2026-12-01  Training is a home of its own, with a database and keys of its own and the number 999,999.  It
knows no centre, and no centre knows its key; what is sold there can reach nobody.  Nothing of the real one's
documents is in it: prices, people and stock are read anew from there each time it is opened.  What would say
to a tax authority or to a provider that something happened is not copied: the tax number, the fiscal
settings, the numbers of M-Pesa.
"""

from typing import Any, Final

from sqlalchemy import Connection, Table, text

from pos_app.store.documents import settings, terminal, training
from pos_app.store.documents.terminal import Terminal
from pos_app.store.documents.training import MARK, TERMINAL_NO
from pos_app.store.engine import pepper
from pos_app.store.feed import baseline, intake
from pos_app.store.master import pins
from pos_app.store.tables import master
from pos_app.store.tables.projections import CACHED, PROJECTIONS

_NOT_COPIED: Final = ("fiscal_setting", "request_answer")
#: What is said otherwise in training, by table and column; `{}` is what it was.
_OTHERWISE: Final = {
    "business": {"name": f"{MARK} {{}}", "tax_number": "", "mpesa_till": "", "mpesa_paybill": ""},
    "business_former": {"tax_number": "", "mpesa_till": "", "mpesa_paybill": ""},
    "depot": {"name": f"{MARK} {{}}", "receipt_footer": MARK, "receipt_head": MARK},
    "depot_former": {"name": f"{MARK} {{}}", "receipt_footer": MARK, "receipt_head": MARK},
}
#: In a drawer of training lies what somebody opens it with.
_NOT_BALANCES: Final = ("drawer_cash",)
_MOST: Final = 500


def copy(real: Connection, target: Connection) -> Terminal:
    """Bring masters and balances of a till into the database of its training, in the caller's transactions.

    Raises `Refused` for a till that was never enrolled.
    """
    own = terminal.load(real)
    new = Terminal(own.org_id, TERMINAL_NO, own.depot_id, own.drawer_id)
    if not settings.get(target, "terminal_no"):
        terminal.save(target, new)
    training.begin(target)
    heard = settings.get(real, "last_contact_us")
    settings.put(target, last_contact_us=heard, balances_us=heard)
    for table in master.MASTER:
        if table.name not in _NOT_COPIED:
            names, rows = _rows(real, table, own.org_id)
            for at in range(0, len(rows), _MOST):
                intake.upsert(target, str(table.name), own.org_id, names, rows[at : at + _MOST])
    for projection in PROJECTIONS:
        if projection.from_centre and projection.name not in _NOT_BALANCES:
            columns = (*projection.keys, *projection.values)
            found = real.execute(
                text(f"SELECT {', '.join(columns)} FROM {CACHED[projection.name].name} WHERE org_id = :org"),
                {"org": own.org_id},
            ).all()
            if found:
                baseline.apply(target, projection.name, new, columns, [tuple(row) for row in found], mark=0)
    return new


def _rows(real: Connection, table: Table, org_id: int) -> tuple[list[str], list[tuple[Any, ...]]]:
    """The rows of a master as the feed would bring them, said as they are in training."""
    names = intake.travelling(table)
    found = real.execute(
        text(f"SELECT {', '.join(names)} FROM {table.name} WHERE org_id = :org"), {"org": org_id}
    ).all()
    rows = [dict(zip(names, row, strict=True)) for row in found]
    for row in rows:
        for name, said in _OTHERWISE.get(str(table.name), {}).items():
            row[name] = said.format(row[name])
        for name in pins.COLUMNS if table is master.person else ():
            row[name] = pepper.reveal(real, org_id, int(row["person_id"]), name, str(row[name]))
    return names, [tuple(row.values()) for row in rows]
