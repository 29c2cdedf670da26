"""The prices of a list, brought in from a file: all of them, or nothing."""

from pathlib import Path

from pos_app.files.csv_file import AS_IT_SAYS, Chosen, open_csv
from pos_app.files.price_sheet import prices
from pos_app.files.refused_rows import RefusedRow
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.office.bringing.outcome import Keeps, Outcome, Undo, strictly
from pos_app.office.masters import price_lists
from pos_app.office.masters.price_lists import Said
from pos_app.office.moments import moment
from pos_app.office.office import Office


def bring(
    office: Office, code: str, path: Path, *, keeps: Keeps = strictly, chosen: Chosen = AS_IT_SAYS
) -> Outcome:
    """What a file says of products; a row without valid_from holds from now on.

    Raises `Refused` for a file that is none, a list that is none, and when who acts may not.
    """
    money, zone = office.organisation.currency, office.organisation.time_zone
    sheet, done = prices(money), Outcome()
    source = open_csv(path, sheet.names[:2], sheet.names[2:], chosen=chosen)
    read: list[tuple[int, Said]] = []
    for count, row in enumerate(source.rows(), start=1):
        done.rows = count
        try:
            if row.reason:
                raise Refused(row.reason)
            one = sheet.read(row, row.values)
            said = Said(one.sku, one.price, one.from_quantity, moment(one.valid_from, zone))
        except Refused as error:
            done.refused.append(RefusedRow(row.line_no, error.said))
        else:
            read.append((row.line_no, said))
    done.notes, unread = source.notes, len(done.refused)

    def refuse(line_no: int, error: Refused) -> None:
        done.refused.append(RefusedRow(line_no, error.said))

    try:
        with office.change(Permission.EDIT_MASTER) as books:
            new = price_lists.put_rows(office, books, code, read, refuse)
            done.imported = len(read) - (len(done.refused) - unread)
            done.added = new
            done.unchanged = done.imported - done.added
            if done.refused or not keeps(done):
                raise Undo
            office.note(books, "import", path.name, after=f"{code}: {done.added} new prices")
        done.is_kept = True
    except Undo:
        pass
    return done
