"""Two programs that never saw our posting rules, asked what the exported journal comes to.

hledger (https://hledger.org) is a program of the system, beancount (https://beancount.github.io) a library of
the test environment; either may be missing, and is then not asked.
"""

import csv
import importlib.util
import io
import re
import shutil
import subprocess
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from pos_app.ledger.errors import Damaged

#: Account code and currency to an amount in major units; nothing where nothing stands.
Balances = dict[tuple[str, str], Decimal]

_CODE: Final = re.compile(r"[0-9]+")


def hledger_balances(journal: Path) -> Balances | None:
    """The balance of every account as hledger reads it; None where it is not installed.

    Raises `Damaged` with what it says when the journal does not pass its strict check.
    """
    program = shutil.which("hledger")
    if program is None:
        return None
    _run(program, "-f", str(journal), "check", "--strict")
    answer = _run(program, "-f", str(journal), "bal", "-N", "--flat", "-O", "csv")
    found: Balances = {}
    for name, said in list(csv.reader(io.StringIO(answer)))[1:]:
        # "10.00 USD, -5.00 KES"; a balance of nothing is "0".
        for part in said.split(", "):
            number, _, money = part.partition(" ")
            if money:
                found[_code(name), money] = Decimal(number)
    return found


def beancount_balances(journal: Path) -> Balances | None:
    """Likewise as beancount reads it."""
    if importlib.util.find_spec("beancount") is None:
        return None
    from beancount import loader

    entries, errors, _ = loader.load_file(str(journal))
    if errors:
        raise Damaged("beancount-says", why=errors[0].message)
    sums: Counter[tuple[str, str]] = Counter()
    for entry in entries:
        postings: list[Any] = getattr(entry, "postings", [])
        for posting in postings:
            sums[_code(posting.account), posting.units.currency] += posting.units.number
    return {key: Decimal(amount) for key, amount in sums.items() if amount}


def _run(program: str, *arguments: str) -> str:
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Damaged("hledger-says", why=done.stderr.strip()[:300])
    return done.stdout


def _code(account: str) -> str:
    found = _CODE.search(account)
    return found[0] if found is not None else account
