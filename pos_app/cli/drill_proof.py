"""Whether a drill lost anything: what was said to be paid, the till's books, the centre's, and the papers."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from sqlalchemy import text

from pos_app.cli.answer import counted
from pos_app.cli.drill_shop import LETTER, DrillShop
from pos_app.cli.machine import Tried
from pos_app.ledger.currency import currency
from pos_app.ledger.document import Sale, document_key
from pos_app.ledger.money import grouped_text
from pos_app.ledger.numbering import printed_number
from pos_app.store.documents import documents
from pos_app.store.engine.engine import Database
from pos_app.store.journal import print_jobs
from pos_app.store.upkeep.verification import verify

#: In what the drill's shop takes money.
MONEY: Final = currency("KES")


class Pull(NamedTuple):
    """One thing that was pulled: its name, its words, the till's last document when it was over, and how many
    sales or papers waited meanwhile; None where nothing is to wait.
    """

    name: str
    words: str
    last_seq: int
    waited: int | None = None


class Entry(NamedTuple):
    """A sale as books hold it."""

    number: str
    total: int
    hash: bytes


class Row(NamedTuple):
    """What became of the sales of one pull; money in minor units.

    `unsure` are papers that were in the printer as the power went: a person looks, and prints them again.
    """

    pull: Pull
    sold: int
    till: int
    centre: int
    papers: int
    unsure: int
    amount: int
    missing: tuple[str, ...]


class Evidence(NamedTuple):
    """All that a drill left behind, read once everything is back."""

    sold: Mapping[int, int]
    till: Mapping[int, Entry]
    centre: Mapping[int, Entry]
    papers: Mapping[str, int]
    unsure: frozenset[int]
    drawer: int
    troubles: tuple[str, ...] = ()


def read(shop: DrillShop, drawer: int) -> Evidence:
    """Read both books, the print jobs and the papers of a drill; `drawer` is what the till expects in it."""
    org_id, terminal_no = shop.org_id, shop.till.who.terminal_no
    till = _sales(shop.till.database, org_id)
    centre_database = shop.centre.database.for_org(org_id)
    with shop.till.database.read() as connection:
        jobs = print_jobs.everything(connection)
    papers = shop.printer.papers()
    verdicts = (verify(shop.till.database, org_id, terminal_no), verify(centre_database, org_id))
    return Evidence(
        dict(shop.till.sold),
        till,
        _sales(centre_database, org_id),
        {each.number: sum(each.number in paper for paper in papers) for each in till.values()},
        frozenset(
            job.document_id
            for job in jobs
            if job.document_id is not None and job.what == "receipt" and job.state != print_jobs.PRINTED
        ),
        drawer,
        tuple(verdict.problems[0] for verdict in verdicts if not verdict.ok),
    )


def _sales(database: Database, org_id: int) -> dict[int, Entry]:
    found = {}
    with database.read() as connection:
        keys = connection.execute(
            text(
                "SELECT document_id, hash FROM document WHERE org_id = :org AND kind = 'sale'"
                " ORDER BY document_id"
            ),
            {"org": org_id},
        ).all()
        for key, hash_ in keys:
            sale = documents.get(connection, org_id, int(key))
            if isinstance(sale, Sale):
                number = printed_number(LETTER, sale.terminal_no, sale.series, sale.number)
                found[int(key)] = Entry(number, sale.total, bytes(hash_))
    return found


def rows(evidence: Evidence, pulls: Sequence[Pull], terminal_no: int) -> list[Row]:
    """What became of the sales of each pull, by when they were recorded.

    Missing is a sale that was said to be paid and is not in the till's books, one that the centre has not or
    has otherwise, and one whose paper came not and is not on the list of a person either.
    """
    made, after = [], 0
    for pull in pulls:
        low, high = document_key(terminal_no, after), document_key(terminal_no, pull.last_seq)
        sold = {key: amount for key, amount in evidence.sold.items() if low < key <= high}
        till = {key: entry for key, entry in evidence.till.items() if low < key <= high}
        made.append(_row(evidence, pull, sold, till))
        after = pull.last_seq
    return made


def _row(evidence: Evidence, pull: Pull, sold: Mapping[int, int], till: Mapping[int, Entry]) -> Row:
    same = {key for key, entry in till.items() if evidence.centre.get(key) == entry}
    printed = {key for key, entry in till.items() if evidence.papers.get(entry.number)}
    unsure = {key for key in till if key in evidence.unsure and key not in printed}
    missing = [str(key) for key, amount in sold.items() if key not in till or till[key].total != amount] + [
        entry.number for key, entry in till.items() if key not in same or key not in printed | unsure
    ]
    return Row(
        pull,
        len(sold),
        len(till),
        len(same),
        len(printed),
        len(unsure),
        sum(entry.total for entry in till.values()),
        tuple(missing),
    )


def together(table: Sequence[Row]) -> Row:
    """The sum of all pulls."""
    return Row(
        Pull("all", "together", table[-1].pull.last_seq),
        sum(row.sold for row in table),
        sum(row.till for row in table),
        sum(row.centre for row in table),
        sum(row.papers for row in table),
        sum(row.unsure for row in table),
        sum(row.amount for row in table),
        tuple(one for row in table for one in row.missing),
    )


def findings(evidence: Evidence, table: Sequence[Row], float_: int) -> list[Tried]:
    """What is proved, each in a sentence that the owner of a shop understands."""
    all_ = together(table)
    sold, till, amount, missing = all_.sold, all_.till, all_.amount, all_.missing
    twice = [entry.number for entry in evidence.till.values() if evidence.papers.get(entry.number, 0) > 1]
    strange = len(evidence.centre.keys() - evidence.till.keys())
    tried = [_waited(row) for row in table if row.pull.waited is not None]
    words = f"{counted(sold, 'sale')} were told to be paid, {till} are in the till's books"
    words += f" and {all_.centre} at the centre; {len(missing)} are missing."
    if till > sold:
        words += f" {till - sold} were whole as the power went, before the screen said so: they count."
    tried.append(Tried("sales", not missing and not strange and till >= sold > 0, words))
    cash = f"{grouped_text(amount, MONEY)} were sold for cash"
    cash += f"; with the float of {grouped_text(float_, MONEY)} the drawer is to hold"
    cash += f" {grouped_text(evidence.drawer, MONEY)}."
    tried.append(Tried("drawer", evidence.drawer == amount + float_, cash))
    paper = f"{all_.papers} receipts came out of the printer, {len(twice)} of them twice."
    if all_.unsure:
        unsure = counted(all_.unsure, "receipt")
        paper += f" In it as the power went: {unsure}; the till asks a person to look at the paper."
    tried.append(Tried("receipts", not twice, paper, warns=bool(all_.unsure)))
    whole = "Every document was read again on both sides, with its signature and its balances."
    tried.append(Tried("books", not evidence.troubles, " ".join(evidence.troubles) or whole))
    return tried


def _waited(row: Row) -> Tried:
    name, waited = row.pull.name, row.pull.waited or 0
    if name == "network":
        words = f"{counted(waited, 'sale')} waited at the till for the server, and went when it was back."
    elif name == "printer":
        words = f"{counted(waited, 'receipt')} waited for the printer, and came when it was back."
    else:
        words = f"{counted(waited, 'sale')} waited with server, printer and power gone at once."
    return Tried(name, waited > 0, words if waited else f"Nothing waited: {name} was not really gone.")
