"""The first start of a till in its window, by keyboard alone: real deeds, a real server, a killed wizard."""

import json
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from demo.simulated_cashier import Hands
from pos_app import bootstrap, enrolment_link, settings
from pos_app.cli.till_start import TillStart
from pos_app.language import use_language
from pos_app.store.engine.engine import Database
from pos_app.ui.app import build_first_start
from pos_app.ui.first_start.deeds import Step
from pos_app.ui.first_start.window import FirstStartWindow
from pos_app.ui.kit.theme import current_palette
from pos_app.ui.window import Settings
from sync.protocol import fingerprint
from sync.server import tls
from sync.server.run import Serving
from tests.faults.test_tls import certificate
from tests.support.worlds.sync_fixtures import SERVER_KEYS, Centre

Key = Qt.Key


class FirstHands(Hands):
    """Hands at the window of the first start: they wait until what was asked for is done."""

    def __init__(self, window: FirstStartWindow) -> None:
        super().__init__(window)  # type: ignore[arg-type]  # it has what hands need: keys, and a filter
        self._first = window

    def press(self, key: Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        super().press(key, modifiers)
        self.settle()

    def _checking(self) -> bool:
        return False

    def settle(self) -> None:
        super().settle()
        # Founding makes a Postgres and plays a template.
        self.until(lambda: not self._first.is_busy(), 120)

    def fill(self, name: str, text: str) -> None:
        """Type a text over what stands in a line."""
        line = self.find(name)
        assert isinstance(line, QLineEdit)
        line.setFocus()
        line.selectAll()
        self.type(text)
        self.settle()


class Pc:
    """A PC with an empty home, on which the till is started, killed and started again."""

    def __init__(self, home: Path, qtbot: QtBot) -> None:
        self.home, self._qtbot = home, qtbot
        self.window: FirstStartWindow
        self.hands: FirstHands
        self.start()

    def start(self, language: str = "en") -> None:
        """Start, whatever became of the window before."""
        self.window = build_first_start(TillStart(self.home), Settings(language=language))
        self._qtbot.addWidget(self.window)
        with self._qtbot.waitExposed(self.window):
            self.window.show()
        self.window.activateWindow()
        self._qtbot.waitUntil(self.window.isActiveWindow)
        self.hands = FirstHands(self.window)
        self.hands.settle()

    def again(self) -> None:
        """The power goes, and comes again."""
        self.window.close()
        self.start()

    @property
    def page(self) -> str:
        return self.window.page().objectName()

    @property
    def said(self) -> str:
        return self.window.banner.text() if self.window.banner.isVisible() else ""


@pytest.fixture
def pc(tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[Pc]:
    yield Pc(tmp_path / "home", qtbot)
    use_language("en")


@pytest.fixture
def centre(central: Database) -> Iterator[Centre]:
    made = Centre(central)
    yield made
    made.close()


class Served:
    """A server of the centre, for as long as the block lasts."""

    def __init__(self, centre: Centre, **choices: Any) -> None:
        self._serving = Serving(centre.database, keys=SERVER_KEYS, **choices)
        self.url = self._serving.url

    def __enter__(self) -> str:
        self._thread = Thread(target=self._serving.run)
        self._thread.start()
        assert self._serving.wait_ready(20)
        return self.url

    def __exit__(self, *_: object) -> None:
        self._serving.stop()
        self._thread.join()


def whole_code(centre: Centre) -> str:
    """A one-time code with the end that names the centre's key."""
    return centre.code()


def short_code(centre: Centre) -> str:
    """The same without its end."""
    return "-".join(centre.code().split("-")[:2])


def to_the_code(pc: Pc, url: str) -> None:
    pc.hands.press(Key.Key_Return)
    assert pc.page == "first-server"
    pc.hands.fill("first-address", url)
    pc.hands.press(Key.Key_Return)
    assert pc.page == "first-code", pc.said


def jobs(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()]


def choose_folder_printer(pc: Pc, folder: Path) -> None:
    """The line in which an address is typed, and the address."""
    assert pc.page == "first-printer"
    while pc.window.page().list.selected().key != "typed":  # type: ignore[attr-defined]
        pc.hands.press(Key.Key_Down)
    pc.hands.fill("first-printer-address", f"folder://{folder}")


def test_from_an_empty_home_to_the_pin_pad_by_keyboard(pc: Pc, centre: Centre, tmp_path: Path) -> None:
    paper = tmp_path / "paper"
    with Served(centre) as url:
        to_the_code(pc, url)
        pc.hands.fill("first-code-field", whole_code(centre))
        pc.hands.press(Key.Key_Return)
        assert pc.page == "first-printer", pc.said
        assert "till 1" in pc.said
    choose_folder_printer(pc, paper)
    pc.hands.press(Key.Key_Return)
    assert len(jobs(paper)) == 1
    assert "both edges" in pc.said
    pc.hands.press(Key.Key_Return)
    assert pc.page == "first-scanner"
    assert settings.load(pc.home, {}).printer == f"folder://{paper}"
    pc.hands.scan("4006381333931")
    assert pc.hands.find("first-scanned").text() == "4006381333931"  # type: ignore[attr-defined]
    pc.hands.press(Key.Key_Return)
    assert pc.page == "first-drawer"
    pc.hands.press(Key.Key_F7)
    assert b"\x1bp" in jobs(paper)[-1]
    pc.hands.press(Key.Key_Return)
    assert pc.window.is_finished
    kept = settings.load(pc.home, {})
    assert (kept.first_start, kept.runs_beside, kept.insecure) == ("", 1, 0)
    till = bootstrap.open_till(pc.home)
    try:
        assert till.sign_in.people()
    finally:
        till.close()


def test_a_killed_first_start_goes_on_where_it_was(pc: Pc, centre: Centre, tmp_path: Path) -> None:
    with Served(centre) as url:
        pc.again()
        assert pc.page == "first-begin"
        to_the_code(pc, url)
        pc.again()
        assert pc.page == "first-code"
        pc.hands.press(Key.Key_Escape)
        assert pc.page == "first-server"
        assert pc.hands.find("first-address").text() == url  # type: ignore[attr-defined]
        pc.hands.press(Key.Key_Return)
        pc.hands.fill("first-code-field", whole_code(centre))
        pc.hands.press(Key.Key_Return)
    for page in ("first-printer", "first-scanner", "first-drawer"):
        assert pc.page == page
        pc.again()
        assert pc.page == page
        if page == "first-printer":
            pc.hands.press(Key.Key_Up)
            pc.hands.press(Key.Key_Down)
            while pc.window.page().list.selected().key != "":  # type: ignore[attr-defined]
                pc.hands.press(Key.Key_Down)
        pc.hands.press(Key.Key_Return)
    assert pc.window.is_finished


def test_enrolled_and_killed_before_that_was_noted(pc: Pc, centre: Centre) -> None:
    """The centre took the till in, and the power went: no second code is asked for."""
    with Served(centre) as url:
        to_the_code(pc, url)
        TillStart(pc.home).enrol(whole_code(centre))
    settings.write(pc.home, first_start=Step.CODE.value)
    pc.again()
    assert pc.page == "first-printer"


def test_what_cannot_be_is_said_and_leaves_the_page(pc: Pc, centre: Centre) -> None:
    pc.hands.press(Key.Key_Return)
    pc.hands.press(Key.Key_Return)
    assert "address first" in pc.said
    for wrong in ("127.0.0.1:9", "no such host.example", "ftp://127.0.0.1", "x" * 400):
        pc.hands.fill("first-address", wrong)
        pc.hands.press(Key.Key_Return)
        assert pc.page == "first-server"
        assert pc.said, wrong
    with Served(centre) as url:
        pc.hands.fill("first-address", url)
        pc.hands.press(Key.Key_Return)
        pc.hands.press(Key.Key_Return)
        assert "code first" in pc.said
        used = whole_code(centre)
        TillStart(pc.home.with_name("other")).believe(TillStart(pc.home).look(url))
        TillStart(pc.home.with_name("other")).enrol(used)
        other_key = fingerprint.with_code(short_code(centre), bytes(32))
        for wrong in ("AAAAA-AAAAA-" + fingerprint.of(SERVER_KEYS.public), used, other_key, "-----"):
            pc.hands.fill("first-code-field", wrong)
            pc.hands.press(Key.Key_Return)
            assert pc.page == "first-code", wrong
            assert pc.said, wrong
        pc.hands.fill("first-code-field", whole_code(centre))
        pc.hands.press(Key.Key_Return)
        assert pc.page == "first-printer", pc.said


def test_a_code_without_its_end_has_the_key_compared(pc: Pc, centre: Centre) -> None:
    with Served(centre) as url:
        to_the_code(pc, url)
        pc.hands.fill("first-code-field", short_code(centre))
        pc.hands.press(Key.Key_Return)
        assert pc.page == "first-code"
        shown = pc.hands.find("first-key-compare").text()  # type: ignore[attr-defined]
        assert fingerprint.of(SERVER_KEYS.public) in shown
        pc.hands.press(Key.Key_Return)
        assert pc.page == "first-printer", pc.said


def test_a_scanned_link_is_enough(pc: Pc, centre: Centre) -> None:
    with Served(centre) as url:
        pc.hands.press(Key.Key_Return)
        pc.hands.scan(enrolment_link.made(url, whole_code(centre)))
        assert pc.page == "first-code", pc.said
        pc.hands.press(Key.Key_Return)
        assert pc.page == "first-printer", pc.said


def test_a_certificate_of_its_own_is_compared_and_kept(pc: Pc, centre: Centre, tmp_path: Path) -> None:
    pem, key = certificate(tmp_path, "shop")
    with Served(centre, tls=tls.chosen(str(pem), str(key))) as url:
        pc.hands.press(Key.Key_Return)
        pc.hands.fill("first-address", url.removeprefix("https://"))
        pc.hands.press(Key.Key_Return)
        assert pc.page == "first-server"
        assert "fingerprint" in pc.hands.find("first-compare").text()  # type: ignore[attr-defined]
        # Another address is another question: the yes to this one is gone.
        pc.hands.type("1")
        with pytest.raises(LookupError):
            pc.hands.find("first-compare")
        pc.hands.fill("first-address", url)
        pc.hands.press(Key.Key_Return)
        pc.hands.press(Key.Key_Return)
        assert pc.page == "first-code", pc.said
        pc.hands.fill("first-code-field", whole_code(centre))
        pc.hands.press(Key.Key_Return)
        assert pc.page == "first-printer", pc.said
    assert settings.load(pc.home, {}).server_ca


def test_a_printer_that_did_not_print_is_not_kept(pc: Pc, centre: Centre, tmp_path: Path) -> None:
    settings_before = {"first_start": "printer"}
    pc.home.mkdir(exist_ok=True)
    settings.write(pc.home, **settings_before)
    pc.again()
    choose_folder_printer(pc, tmp_path / "paper")
    pc.hands.press(Key.Key_Return)
    pc.hands.press(Key.Key_F6)
    assert pc.page == "first-printer"
    assert settings.load(pc.home, {}).printer == ""
    pc.hands.fill("first-printer-address", "network://127.0.0.1:9")
    pc.hands.press(Key.Key_Return)
    assert pc.page == "first-printer"
    assert pc.said
    pc.hands.fill("first-printer-address", "nonsense")
    pc.hands.press(Key.Key_Return)
    assert pc.said


def test_the_look_and_what_is_found_are_a_key_away(pc: Pc) -> None:
    look = current_palette().mode
    for _ in range(3):
        pc.hands.press(Key.Key_F9)
        assert pc.page == "first-begin"
    assert current_palette().mode == look, "three looks, and the first again"
    pc.home.mkdir(exist_ok=True)
    settings.write(pc.home, first_start="printer")
    pc.again()
    pc.hands.press(Key.Key_F5)
    assert pc.page == "first-printer"
    pc.hands.press(Key.Key_Tab)
    assert pc.page == "first-printer"


def test_the_language_changes_at_every_page(pc: Pc) -> None:
    for page in ("first-begin", "first-server"):
        assert pc.page == page
        before = pc.window.page().title.text()
        pc.hands.press(Key.Key_F2)
        assert pc.page == page
        assert pc.window.page().title.text() != before
        pc.hands.press(Key.Key_F2)
        assert pc.window.page().title.text() == before
        pc.hands.press(Key.Key_Return)
    assert json.dumps(settings.load(pc.home, {}).language) == '"en"'
