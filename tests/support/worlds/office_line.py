"""The commands of the books run in this process, on a real central home whose Postgres stays up."""

import contextlib
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pos_app import bootstrap, cli
from pos_app.store.master import master_edit
from pos_app.store.organisation import founding
from pos_app.store.organisation.master_import import put_products
from pos_app.store.organisation.product_row import ProductRow
from pos_app.store.tables import master
from pos_app.till.session.sign_in import hash_pin
from tests.support.worlds import shell_sessions
from tests.support.worlds.command_line import Ran

PIN = "7044"


@dataclass
class Line:
    """A central home with an accountant, a manager, products of two businesses, a customer and a vendor."""

    home: Path

    def run(self, *words: str | Path, by: str = "", pin: str = PIN) -> Ran:
        """Run a command with --json; `by` is who acts."""
        return self.say(*words, "--json", by=by, pin=pin)

    def say(self, *words: str | Path, by: str = "", pin: str = PIN) -> Ran:
        """Run a command as a person reads it."""
        told = [str(word) for word in words] + ["--home", str(self.home)] + (["--by", by] if by else [])
        return self._run(told, {"BOHARI_PIN": pin} if by else shell_sessions.told(told, self.home, {}))

    def as_told(self, *words: str | Path, **variables: str) -> Ran:
        """Run a command of whoever the variables prove, or of nobody."""
        return self._run([*map(str, words), "--home", str(self.home)], variables)

    def _run(self, told: list[str], proof: dict[str, str]) -> Ran:
        out, error = io.StringIO(), io.StringIO()
        code: Any = None
        with (
            shell_sessions.environment(proof),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(error),
        ):
            try:
                cli.main(told)
            except SystemExit as ended:
                code = ended.code
        return Ran(int(code), out.getvalue(), error.getvalue())

    def ok(self, *words: str | Path, by: str = "ACC") -> dict[str, Any]:
        """The answer of a command that must succeed."""
        ran = self.run(*words, by=by)
        assert ran.code == 0, ran
        return ran.values

    def refused(self, *words: str | Path, by: str = "ACC", code: int = 1) -> str:
        """The one sentence of a command that must be refused, which left nothing behind."""
        before = self.counts()
        ran = self.run(*words, by=by)
        assert (ran.code, ran.stderr.count("\n")) == (code, 1), ran
        if ran.stdout:
            assert json.loads(ran.stdout)["ok"] is False
        assert self.counts() == before
        return ran.stderr.strip()

    def counts(self) -> tuple[int, ...]:
        """How many documents, drafts, parties and rates there are."""
        from sqlalchemy import text

        with bootstrap.central(self.home) as centre, centre.database.read() as connection:
            return tuple(
                int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())
                for table in ("document", "invoice_draft", "party", "exchange_rate", "tax_rate", "business")
            )


@contextlib.contextmanager
def opened(folder: Path) -> Iterator[Line]:
    """Such a home, until the block ends."""
    line = Line(folder / "centre")
    assert line.run("init", "--org", "Depot Ltd").code == 0
    with bootstrap.central(line.home) as centre:
        org_id = centre.organisation().org_id
        with centre.database.write() as connection:
            water = founding.add_business(connection, org_id, "WATER", "Water")
            founding.add_depot(connection, org_id, "WEST", "Westlands", number_prefix="W", business_id=1)
            hash_ = hash_pin(PIN)
            for code, role in (
                ("ACC", "accountant"),
                ("MGR", "manager"),
                ("OWN", "owner"),
                ("AUD", "auditor"),
            ):
                founding.add_person(connection, org_id, code, code.title(), role=role, pin_hash=hash_)
            rows = [
                ProductRow(1, "GAS", (), "Gas 13 kg", 2_320_00, "A", "Gas", "pc", 1, 1),
                ProductRow(2, "REFILL", (), "Refill 20 l", 100_00, "E", "Water", "pc", water, 1),
            ]
            assert put_products(connection, org_id, rows).refusals == []
            # The bank lends, so that a test that is about something else need not bring the money first.
            master_edit.change(connection, master.account, org_id, "1170", may_overdraw=1)
        line.ok("parties", "add", "C1", "--name", "Mama", "--role", "customer:30:20000.00")
        line.ok("parties", "add", "V1", "--name", "Total", "--role", "vendor:14", "--role", "customer")
        yield line


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    """One home for the tests of a file; each works with what is its own."""
    with opened(tmp_path_factory.mktemp("office")) as made:
        yield made
