"""`bohari verify --receipt` and `--z`: a paper is held against the books, at the till and at the centre."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from pos_app import bootstrap
from pos_app.ledger.document import Document, DrawerClose, Sale
from pos_app.ledger.line import CashCount, TenderKind
from pos_app.reports.slips.letterhead import names_of
from pos_app.store.documents import documents
from pos_app.store.engine.engine import open_sqlite
from pos_app.till.till import Till
from tests.support.worlds.command_line import Ran, Server, bohari

PRODUCTS = "sku,barcode,name,price,tax_code,category,unit\nGAS13,,Gas 13 kg,2320.00,A,Gas,pc\n"


class World:
    """A centre and a till at which two shifts were sold, closed and sent."""

    def __init__(self, folder: Path) -> None:
        self.centre, self.till = folder / "centre", folder / "till"
        self.pin = bohari("init", "--org", "Depot Ltd", "--json", home=self.centre).values["pin"]
        self.server = Server(self.centre)
        (folder / "products.csv").write_text(PRODUCTS)
        bohari("import", "products", folder / "products.csv", home=self.centre)
        code = bohari("enrol-code", "--json", home=self.centre).values["code"]
        bohari("enrol", "--server", self.server.url, "--code", code, home=self.till)
        assert bohari("syncd", "--once", home=self.till).code == 0
        self.papers: list[tuple[str, str, int]] = []
        self._sell()
        assert bohari("syncd", "--once", home=self.till).code == 0

    def _sell(self) -> None:
        till = bootstrap.open_till(self.till)
        try:
            person = till.sign_in.people()[0]
            till.sign_in.sign_in(person.person_id, self.pin)
            for _shift in range(2):
                till.drawer.open(1_000_00)
                basket = till.baskets.new()
                basket.add(till.catalogue.scan("GAS13").product, 2000)
                checkout = till.checkout(basket)
                checkout.add_tender(TenderKind.CASH, checkout.cash_due())
                self._keep(till, checkout.complete().document)
                expected = till.drawer.expected()
                self._keep(till, till.drawer.close((CashCount(value=1, pieces=expected),)).done.document)
        finally:
            till.close()

    def _keep(self, till: Till, document: Document) -> None:
        """Number, proof and sum of a paper, as it shows them."""
        with till.database.read() as connection:
            proof = documents.proof_of(connection, document.org_id, document.document_id)
        stretch = document.stretch if isinstance(document, DrawerClose) else None
        total = document.total if isinstance(document, Sale) else stretch.grand_total if stretch else 0
        self.papers.append((till.printed(document), proof, total))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = World(tmp_path_factory.mktemp("paper"))
    yield made
    assert made.server.stop() == 0


def verify(home: Path, *words: str) -> Ran:
    return bohari("verify", *words, "--json", home=home)


def amount(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02d}"


@pytest.mark.parametrize("side", ["till", "centre"])
def test_a_true_paper_holds_on_both_sides(world: World, side: str) -> None:
    home = getattr(world, side)
    for number, proof, total in world.papers:
        option = "--z" if "-Z" in number else "--receipt"
        ran = verify(home, option, f"{number} {proof}", "--total", amount(total))
        assert (ran.code, ran.values["problems"], ran.values["proof"]) == (0, [], proof)
        # Typed by hand, in small letters, without the proof.
        assert verify(home, option, number.lower()).code == 0


@pytest.mark.parametrize("side", ["till", "centre"])
def test_each_z_follows_the_one_before(world: World, side: str) -> None:
    (first, *_), (second, *_) = [paper for paper in world.papers if "-Z" in paper[0]]
    one, two = (verify(getattr(world, side), "--z", number).values for number in (first, second))
    assert one["first_seq"] == 1
    assert two["first_seq"] == one["last_seq"] + 1


def test_a_z_has_the_same_figures_on_both_sides(world: World) -> None:
    till = bootstrap.open_till(world.till)
    try:
        with till.database.read() as connection:
            closes = [
                one
                for key in connection.scalars(
                    text("SELECT document_id FROM document WHERE kind = 'drawer_close' ORDER BY document_id")
                ).all()
                if (one := documents.get(connection, 1, key)) is not None
            ]
            at_till = [names_of(connection, one).figures for one in closes]
    finally:
        till.close()
    with bootstrap.central(world.centre) as centre:
        org_id = centre.organisation().org_id
        with centre.database.for_org(org_id).read() as connection:
            at_centre = [names_of(connection, one).figures for one in closes]
    assert len(at_till) == 2
    assert None not in at_till
    assert at_centre == at_till


def test_a_paper_with_another_proof_or_sum_is_told(world: World) -> None:
    number, proof, total = world.papers[0]
    other = verify(world.centre, "--receipt", f"{number} {world.papers[2][1]}")
    assert (other.code, other.values["codes"]) == (1, ["paper-proof-differs"])
    more = verify(world.centre, "--receipt", f"{number} {proof}", "--total", amount(total + 1))
    assert (more.code, more.values["codes"]) == (1, ["paper-total-differs"])


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--receipt", "K1-S999999"), "document-unknown"),
        (("--receipt", "soap"), "not-a-receipt-number"),
        (("--receipt", "x" * 10_000), "not-a-receipt-number"),
        (("--z", "{sale}"), "paper-no-z"),
        (("--receipt", "{sale}", "--z", "{sale}"), "paper-one-at-a-time"),
        (("--total", "1.00"), "total-of-which-paper"),
        (("--receipt", "{sale}", "--total", "much"), "not-a-number"),
    ],
)
def test_what_is_no_paper_is_a_sentence(world: World, words: tuple[str, ...], code: str) -> None:
    ran = verify(world.centre, *(word.replace("{sale}", world.papers[0][0]) for word in words))
    assert (ran.code, ran.values["code"]) == (1, code)


def test_no_sum_is_told_to_who_has_none(world: World) -> None:
    number, _proof, total = world.papers[1]
    said = verify(world.centre, "--z", number).stdout
    assert amount(total) not in said
    assert str(total) not in said


def test_a_z_over_a_deleted_receipt_is_told(world: World, tmp_path: Path) -> None:
    """Somebody with the key of the file takes a sale out of it, seals and all."""
    home = tmp_path / "till"
    shutil.copytree(world.till, home)
    database = open_sqlite(home / "till.db", (home / "till.key").read_bytes())
    with database.write() as connection:
        for name in connection.scalars(text("SELECT name FROM sqlite_schema WHERE type = 'trigger'")).all():
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        key = connection.scalar(text("SELECT min(document_id) FROM document WHERE kind = 'sale'"))
        for table in ("journal_line", "stock_move", "document_line", "tender", "document"):
            connection.execute(text(f"DELETE FROM {table} WHERE document_id = :key"), {"key": key})
    database.close()
    ran = verify(home, "--z", next(paper[0] for paper in world.papers if "-Z" in paper[0]))
    assert ran.code == 1
    assert set(ran.values["codes"]) == {"z-documents-missing", "z-totals-differ"}
