"""Kill -9 around closing: always exactly one Z a shift, on the count that was fixed before the power went.

`python -m tests.faults.close_kills --kills 200` is the long form; the test beside plays a few of them.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pos_app.ledger.document import DrawerClose, DrawerOpen, kind_of
from pos_app.till.drawer import count_seal
from tests.support.worlds.till_fixture import CASHIER, Shop

#: After one of so many words, and so long behind it, the plug is pulled: in the count, or before the Z.
_MOST_WORDS = 6
_BEHIND_S = 0.08


def kill_one(path: Path, seed: int) -> str:
    """Let somebody close drawers and pull the plug; gives what was the last thing that they said."""
    chance = random.Random(seed)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.closer", str(path), str(seed)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    first = process.stdout.readline()
    if not first:
        raise AssertionError(process.stderr.read()[-2000:])
    said = [first, *(process.stdout.readline() for _word in range(chance.randrange(_MOST_WORDS)))]
    time.sleep(chance.uniform(0, _BEHIND_S))
    has_stopped = process.poll() is not None
    process.kill()
    rest, errors = process.communicate()
    assert not has_stopped, errors[-2000:]
    return "".join([*said, rest]).split()[-1]


def play(folder: Path, kills: int, seed: int) -> dict[str, int]:
    """So many kills, each on what the one before left, and then the books; gives what the last words were."""
    shop = Shop.make(folder)
    shop.be(CASHIER)
    shop.open_drawer(1_000_00)
    shop.database.close()
    words: dict[str, int] = {}
    for number in range(kills):
        said = kill_one(shop.path, seed + number)
        words[said] = words.get(said, 0) + 1
    shop = Shop.at(shop.path)
    shop.be(CASHIER)
    words["shifts"] = judge(shop)
    shop.database.close()
    return words


def judge(shop: Shop) -> int:
    """One Z a shift, each on the first count that was fixed of it, all documents in them; gives how many."""
    found = shop.documents()
    opened = [one for one in found if isinstance(one, DrawerOpen)]
    closes = [one for one in found if isinstance(one, DrawerClose)]
    assert [close.shift for close in closes] == [one.document_id for one in opened][: len(closes)]
    assert len(opened) - len(closes) in (0, 1)
    end = 0
    for close in closes:
        assert close.stretch is not None
        assert close.stretch.first_seq == end + 1
        end = close.seq
        with shop.database.read() as connection:
            counts = count_seal.sealed(connection, shop.till._context, close.shift or 0)
        assert [one.total("KES") for one in counts] == [close.counted]
        money = count_seal.read(counts[0].told).money
        assert money is not None
        assert [len(money.ticked)] == [sum(one.times - len(one.missing) for one in close.other_money)]
        assert close.recount is None
    inside = [one for one in found if one.seq <= end]
    assert len(inside) == sum(close.seq - close.stretch.first_seq + 1 for close in closes if close.stretch)
    papers = [one.document_id for one in shop.print_jobs() if one.what == "receipt"]
    assert sorted(key for key in papers if key in {close.document_id for close in closes}) == sorted(
        close.document_id for close in closes
    )
    assert {kind_of(one) for one in found} <= {"drawer_open", "drawer_close", "sale"}
    assert shop.drifts() == []
    return len(closes)


def main() -> int:
    """The long form."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    chosen = parser.parse_args()
    sys.stdout.write(f"seed {chosen.seed}\n")
    with tempfile.TemporaryDirectory() as folder:
        sys.stdout.write(f"{play(Path(folder), chosen.kills, chosen.seed)}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
