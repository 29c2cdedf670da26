"""Whether the table of M-Pesa codes is what the documents say, and mending it towards them.

At the centre: every document that stands and carries a code holds it, or another one does, and no row names a
document that does not carry it.  At a till the centre has the last word about its codes too (it may have
voided a document, or given the code to another one): there a row must only be there.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection, bindparam, text

from pos_app.ledger import canonical
from pos_app.store.documents import documents, used_codes
from pos_app.store.documents.used_codes import Claims, Held
from pos_app.store.engine import privacy
from pos_app.store.engine.engine import Database
from pos_app.store.side import on_till
from pos_app.store.tables.used_code_table import FREE, USED

_BATCH: Final = 500


class CodeChecked(NamedTuple):
    """A document that carries a code, or is said to: whether the table says something else."""

    document_id: int
    differs: bool


class _Row(NamedTuple):
    """A row of the table of codes; `code` is closed, `of` is what tills are told of its document."""

    code: str
    document_id: int
    state: str
    of: tuple[int, int, str, int]


def check(database: Database, org_id: int, *, mend: bool = False) -> Iterator[CodeChecked]:
    """Compare the codes of every document with the table; with `mend` write what differs.

    Rows that name the wrong document are freed first, then the right one takes its code.
    """
    for look in (_stale, _missing):
        after = 0
        while True:
            with database.read() as connection:
                keys = _keys(connection, org_id, after)
                wrong = look(connection, org_id, keys, mend=False)
            if wrong and mend:
                # Looked at again: somebody may have voided or written one meanwhile.
                with database.write() as connection:
                    wrong = look(connection, org_id, sorted(wrong), mend=True)
            yield from (CodeChecked(key, key in wrong) for key in keys if look is _missing or key in wrong)
            if len(keys) < _BATCH:
                break
            after = keys[-1]


def fill(database: Database) -> None:
    """At the centre, after an upgrade: let documents of before hold their codes, in every organisation."""
    with database.read() as connection:
        found = connection.scalars(text("SELECT org_id FROM organisation ORDER BY org_id")).all()
    for org_id in found:
        for _ in check(database, int(org_id), mend=True):
            pass


#: At a till most documents that hold codes are other tills'.
_KNOWN: Final = " JOIN document AS d ON d.org_id = u.org_id AND d.document_id = u.document_id"


def _keys(connection: Connection, org_id: int, after: int) -> list[int]:
    """The next documents that may carry a code or are said to, in the order of their keys."""
    rows = connection.scalars(
        text(
            "SELECT document_id FROM (SELECT document_id FROM document WHERE org_id = :org"
            " AND document_id > :after AND kind = 'money_transfer'"
            " UNION SELECT document_id FROM tender WHERE org_id = :org AND document_id > :after"
            " AND kind = 'mpesa' AND reference <> ''"
            " UNION SELECT u.document_id FROM used_code AS u"
            f"{_KNOWN if on_till(connection) else ''} WHERE u.org_id = :org AND u.document_id > :after"
            ") AS carrying ORDER BY 1 LIMIT :most"
        ),
        {"org": org_id, "after": after, "most": _BATCH},
    )
    return [int(key) for key in rows]


def _stale(connection: Connection, org_id: int, keys: Sequence[int], *, mend: bool) -> set[int]:
    """The documents whose rows they have no right to, or which say something else of them; with `mend`
    those are free then, or say it.
    """
    right = {
        (one.document_id, code): (one.place, one.depot_id, one.series, one.number)
        for one in _carried(connection, org_id, keys)
        for code in (one.code, one.as_typed)
    }
    used = [row for row in _rows(connection, org_id, "document_id", keys) if row.state == USED]
    wrong = [row for row in used if (row.document_id, row.code) not in right]
    if not on_till(connection):
        said = [row for row in used if right.get((row.document_id, row.code), row.of) != row.of]
        if mend:
            for row in said:
                _say(connection, org_id, row.code, right[row.document_id, row.code])
        wrong += said
    if mend:
        for row in wrong:
            if (row.document_id, row.code) in right:
                continue
            connection.execute(
                text(f"UPDATE used_code SET state = '{FREE}' WHERE org_id = :org AND code = :code"),
                {"org": org_id, "code": row.code},
            )
    return {row.document_id for row in wrong}


def _say(connection: Connection, org_id: int, code: str, of: tuple[int, int, str, int]) -> None:
    bound = dict(zip(("place", "depot", "series", "number"), of, strict=True))
    connection.execute(
        text(
            "UPDATE used_code SET place = :place, depot_id = :depot, series = :series, number = :number"
            " WHERE org_id = :org AND code = :code"
        ),
        {"org": org_id, "code": code, **bound},
    )


def _missing(connection: Connection, org_id: int, keys: Sequence[int], *, mend: bool) -> set[int]:
    """The documents whose code nobody holds; with `mend` they do then."""
    carried = _carried(connection, org_id, keys)
    codes = {code for one in carried for code in (one.code, one.as_typed)}
    is_till = on_till(connection)
    held = {row.code for row in _rows(connection, org_id, "code", codes) if is_till or row.state == USED}
    wrong = [one for one in carried if not held & {one.code, one.as_typed}]
    if mend and wrong:
        used_codes.hold(connection, org_id, Claims(tuple(wrong)))
    return {one.document_id for one in wrong}


def _carried(connection: Connection, org_id: int, keys: Sequence[int]) -> Sequence[Held]:
    """The codes that these documents carry, where nobody voided them."""
    if not keys:
        return ()
    private = privacy.of(connection)
    rows = connection.execute(
        text(
            "SELECT d.body FROM document AS d WHERE d.org_id = :org AND d.document_id IN :keys"
            f" AND {documents.not_voided()} ORDER BY d.document_id"
        ).bindparams(bindparam("keys", expanding=True)),
        {"org": org_id, "keys": list(keys)},
    )
    found = [canonical.decode(private.decrypt_bytes(org_id, bytes(row[0]))) for row in rows]
    return used_codes.carried(connection, org_id, used_codes.claims_of(found, private))


def _rows(connection: Connection, org_id: int, column: str, values: Sequence[int] | set[str]) -> list[_Row]:
    if not values:
        return []
    rows = connection.execute(
        text(
            "SELECT code, document_id, state, place, depot_id, series, number FROM used_code"
            f" WHERE org_id = :org AND {column} IN :values"
        ).bindparams(bindparam("values", expanding=True)),
        {"org": org_id, "values": sorted(values)},
    )
    return [
        _Row(row[0], int(row[1]), row[2], (int(row[3]), int(row[4]), row[5], int(row[6]))) for row in rows
    ]
