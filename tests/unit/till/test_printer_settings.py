"""The roll and the mode of the receipt printer are settings, and a receipt in letters is small."""

from pathlib import Path

import pytest

from pos_app import bootstrap
from pos_app.devices.escpos_reader import Letters, read_back
from pos_app.ledger.errors import Refused
from pos_app.ledger.house_rule import HouseRule
from pos_app.settings import Settings
from tests.support.worlds.till_fixture import CASHIER, Shop

LARGEST_IN_LETTERS_BYTES = 4_096


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    made = Shop.make(tmp_path)
    made.be(CASHIER)
    made.open_drawer()
    made.sell("GAS13", "WATER20", "WASH", "SOAP", "REG", "GAS13", "WATER20", "WASH", "SOAP", "REG")
    return made


def printed(shop: Shop, folder: Path, **settings: object) -> list[bytes]:
    chosen = Settings(printer=f"folder://{folder}", **settings)  # type: ignore[arg-type]
    folder.mkdir()
    spool = bootstrap.make_spool(shop.till, folder, chosen)
    spool.work_off()
    return [path.read_bytes() for path in sorted(folder.iterdir())]


@pytest.mark.parametrize(("millimetres", "letters"), [(80, 42), (58, 32)])
def test_a_receipt_in_letters_fits_its_roll_and_is_small(
    shop: Shop, tmp_path: Path, millimetres: int, letters: int
) -> None:
    jobs = printed(shop, tmp_path / "out", printer_width=millimetres, printer_mode="text")
    for job in jobs:
        assert len(job) < LARGEST_IN_LETTERS_BYTES
    lines = [one for job in jobs for one in read_back(job) if isinstance(one, Letters)]
    widest = max(len(one.text.rstrip()) * one.wide for one in lines)
    assert widest == letters, "the roll is used to its edge and not beyond"


def test_the_roll_of_a_picture_is_the_settings_too(shop: Shop, tmp_path: Path) -> None:
    narrow = printed(shop, tmp_path / "narrow", printer_width=58)[-1]
    # GS v 0, mode, then the bytes of a row: 384 dots.
    assert narrow.partition(b"\x1dv0\x00")[2][:2] == (384 // 8).to_bytes(2, "little")


def test_the_depot_says_how_wide_its_rolls_are_unless_the_till_does(shop: Shop, tmp_path: Path) -> None:
    dots_58, dots_80 = ((dots // 8).to_bytes(2, "little") for dots in (384, 576))
    chosen = Settings(printer=f"folder://{tmp_path / 'out'}")
    (tmp_path / "out").mkdir()
    spool = bootstrap.make_spool(shop.till, tmp_path, chosen)
    shop.rule(HouseRule.RECEIPT_WIDTH, 58)
    spool.work_off()
    # Whoever prints heard of it while the program ran.
    last = max((tmp_path / "out").iterdir(), key=lambda path: path.name).read_bytes()
    assert last.partition(b"\x1dv0\x00")[2][:2] == dots_58
    shop.sell("GAS13")
    own = printed(shop, tmp_path / "own", printer_width=80)[-1]
    assert own.partition(b"\x1dv0\x00")[2][:2] == dots_80


@pytest.mark.parametrize("wrong", [{"printer_width": 76}, {"printer_width": -1}, {"printer_mode": "fax"}])
def test_a_roll_or_a_mode_that_is_none_is_refused(
    shop: Shop, tmp_path: Path, wrong: dict[str, object]
) -> None:
    with pytest.raises(Refused):
        printed(shop, tmp_path / "out", **wrong)
