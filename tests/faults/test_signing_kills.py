"""A kill between the count outside the file and the commit is no sign of an older file; an older file is."""

import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from pos_app.store.engine.errors import Frozen
from tests.faults.test_complaints import kill_a_seller
from tests.support.refused import raises
from tests.support.worlds.till_fixture import CASHIER, Shop


def die_before_the_commit(path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.signing_kill", str(path)], capture_output=True, check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


def test_a_till_killed_before_its_commit_sells_on(tmp_path: Path) -> None:
    shop = Shop.make(tmp_path)
    shop.be(CASHIER)
    shop.open_drawer()
    shop.sell("SOAP")
    shop.database.close()
    for _ in range(2):
        # The second one dies on top of a count that was never committed.
        die_before_the_commit(shop.path)
    shop.restart()
    shop.be(CASHIER)
    assert len(shop.documents()) == 2
    assert shop.till.status().sync.frozen == ""
    shop.sell("SOAP")
    assert len(shop.documents()) == 3
    shop.database.close()


def test_kills_at_any_moment_are_no_older_file(tmp_path: Path) -> None:
    shop = Shop.make(tmp_path)
    shop.database.close()
    for seed in range(4):
        kill_a_seller(shop.path, seed)
    shop.restart()
    shop.be(CASHIER)
    shop.sell("SOAP")
    shop.database.close()


def test_a_copy_of_any_moment_but_the_last_is_refused(tmp_path: Path) -> None:
    shop = Shop.make(tmp_path)
    shop.be(CASHIER)
    shop.open_drawer()
    copies = []
    for number in range(5):
        shop.sell("SOAP")
        shop.database.close()
        copies.append(shutil.copy(shop.path, tmp_path / f"copy{number}.db"))
        shop.restart()
        shop.be(CASHIER)
    shop.database.close()
    old = random.Random(3).choice(copies[:-1])
    for name in ("-wal", "-shm"):
        shop.path.with_name(shop.path.name + name).unlink(missing_ok=True)
    shutil.copy(old, shop.path)
    shop.restart()
    shop.be(CASHIER)
    with raises(Frozen, "file-older-than-signed"):
        shop.sell("SOAP")
    shop.database.close()
