"""Pages for owners, followed word by word in one shop; then what a till asks for while the line is down.

What stands in a fence and begins with `bohari` is typed as it stands; a fence of `csv` is the file that the
text before it names.  The shop of the first page is the one of all others.
"""

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from pos_app import bootstrap, cli
from pos_app.ledger.asking import State
from pos_app.ledger.clock import SetClock
from pos_app.ledger.line import TenderKind
from pos_app.ledger.quantity import ONE
from pos_app.till.till import Till
from tests.support.worlds import shell_sessions
from tests.support.worlds.command_line import COMMAND, Server

DOCS = Path(__file__).parents[2] / "docs"
PAGES = ("first_day", "products_and_prices", "people", "month_end", "line_down")
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
#: What no page can know.
_TOLD = {"URL", "CODE", "AGE"}


@dataclass
class Owner:
    """Somebody who reads a page and types what it says, in a folder of their own."""

    folder: Path
    told: dict[str, str] = field(default_factory=dict)
    server: Server | None = None

    def follow(self, page: str) -> None:
        text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
        for fence in _FENCE.finditer(text):
            language, body = fence.groups()
            if language == "csv":
                named = re.findall(r"`([\w.]+\.csv)`", text[: fence.start()])[-1]
                (self.folder / named).write_text(body, encoding="utf-8")
                continue
            for line in body.splitlines():
                if line.startswith("bohari "):
                    self.type(shlex.split(line, comments=True)[1:])

    def type(self, words: list[str]) -> None:
        words = [self.told[one] if one in _TOLD else one for one in words]
        for one in words:
            if one.endswith((".jpg", ".png")):
                Image.new("RGB", (400, 300), "teal").save(self.folder / one)
        if words[0] == "server":
            self.up()
            return
        if words[0] == "till":
            return
        if words[0] == "syncd":
            # It runs always; here until there is nothing to be done.
            words += ["--once"] * ("--once" not in words)
            self.up()
        said = self.say(*words)
        if words[0] == "init":
            self.told["PIN"] = re.findall(r"PIN (\d+)", said)[0]
        elif words[0] == "enrol-code":
            self.told["CODE"] = said.split()[0]
        elif words[0] == "backup-key":
            self.told["AGE"] = re.findall(r"age1\w+", said)[0]

    def say(self, *words: str) -> str:
        """What a command says that must succeed."""
        # A report goes out as bytes.
        raw, error = io.BytesIO(), io.StringIO()
        out = io.TextIOWrapper(raw, encoding="utf-8", write_through=True)
        code: object = None
        proof = {"BOHARI_PIN": self.told.get("PIN", "")} if words[0] == "login" else {}
        with (
            contextlib.chdir(self.folder),
            shell_sessions.environment(proof),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(error),
        ):
            try:
                cli.main(list(words))
            except SystemExit as ended:
                code = ended.code
        said = raw.getvalue().decode()
        assert code == 0, (words, said, error.getvalue())
        return said

    def up(self) -> None:
        if self.server is None:
            port = int(self.told["URL"].rpartition(":")[2]) if "URL" in self.told else 0
            self.server = Server(self.folder / "SERVER", port=port)
            self.told["URL"] = self.server.url.rstrip("/")

    def down(self) -> None:
        if self.server is not None:
            self.server.stop()
            self.server = None

    @contextlib.contextmanager
    def at_till(self) -> Iterator[Till]:
        database = bootstrap.till_database(self.folder / "TILL")
        try:
            till = Till(database, SetClock(datetime.now(UTC)))
            who = next(one for one in till.sign_in.people() if one.code == "OWNER")
            till.sign_in.sign_in(who.person_id, self.told["PIN"])
            yield till
        finally:
            database.close()


@pytest.fixture(scope="module")
def owner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Owner]:
    made = Owner(tmp_path_factory.mktemp("shop"))
    for name in ("KEYS", "STICK", "BACKUPS"):
        (made.folder / name).mkdir()
    with pytest.MonkeyPatch.context() as own:
        # A machine of one's own has its keys in the home.
        for variable in ("BOHARI_SERVER_KEY", "BOHARI_PRIVACY_KEY"):
            own.delenv(variable, raising=False)
        yield made
    made.down()


def test_the_pages_are_followed_word_by_word(owner: Owner) -> None:
    for page in PAGES:
        if page == "line_down":
            owner.down()
        owner.follow(page)
    assert "832909" in owner.say("business", "list", "--home", "SERVER")
    # A second proof ends the sessions of its person, and says so.
    with shell_sessions.environment({"BOHARI_NEW_PASSWORD": "a kettle that sings at six"}):
        assert "“bohari login” again" in owner.say("person", "password", "JM", "--home", "SERVER")


def test_a_till_asks_offline_is_killed_and_is_answered_when_the_line_is_back(owner: Owner) -> None:
    if "CODE" not in owner.told:
        pytest.skip("the pages were not followed")
    owner.down()
    with owner.at_till() as till:
        till.drawer.open(5_000_00)
        asha = till.requests.customer("Asha Wanjiru", "0722 555 418")
        till.requests.customer("Lake Hotel, bar", "+254 722 100 200")
        till.requests.product("Candle", 45_00, "96385074")
    # The daemon finds nobody, and is killed in the middle of it.
    daemon = subprocess.Popen(
        [*COMMAND, "syncd", "--home", str(owner.folder / "TILL")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    with pytest.raises(subprocess.TimeoutExpired):
        daemon.wait(3)
    daemon.kill()
    daemon.wait()
    with owner.at_till() as till:
        basket = till.baskets.new()
        basket.set_customer(asha)
        basket.add(till.catalogue.scan("96385074").product, ONE)
        taking = till.checkout(basket)
        taking.add_tender(TenderKind.CASH, taking.cash_due())
        taking.complete()
        assert [one.state for one in till.requests.listed()] == [None, None, None]
    owner.up()
    owner.say("syncd", "--once", "--home", "TILL")
    with owner.at_till() as till:
        found = {one.name: (one.state, one.code) for one in till.requests.listed()}
        assert found["Asha Wanjiru"] == (State.ACCEPTED, asha.code)
        # That telephone is the hotel's, whom the office knows.
        assert found["Lake Hotel, bar"] == (State.ACCEPTED, "HOTEL")
        # The page made products wait for a person.
        assert found["Candle"] == (State.WAITING, "")
        number = next(one.number for one in till.requests.listed() if one.name == "Candle")
        place = f"{till.terminal_no}/{number}"
    assert "Candle" in owner.say("requests", "list", "--home", "SERVER")
    owner.say("requests", "accept", place, "--code", "CANDLE", "--home", "SERVER")
    owner.say("syncd", "--once", "--home", "TILL")
    with owner.at_till() as till:
        assert till.catalogue.scan("96385074").product.sku == "CANDLE"
    owner.say("verify", "--home", "SERVER")
    owner.say("verify", "--home", "TILL")
