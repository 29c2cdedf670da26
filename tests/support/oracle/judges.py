"""Two programs that never saw our posting rules, asked what an exported journal comes to.

hledger (https://hledger.org) is a program of the system and may be missing; beancount
(https://beancount.github.io) is a library of the test environment.
"""

import csv
import io
import os
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest

#: (account, currency) or (role, party, currency) to an amount in major units.
Balances = dict[tuple[str, ...], Decimal]

_CODE: Final = re.compile(r"[0-9]+")


def hledger(*arguments: str) -> str:
    """What hledger answers; skips the test where it is not installed."""
    program = shutil.which("hledger")
    if program is None:
        if os.environ.get("BOHARI_REQUIRE_HLEDGER"):
            pytest.fail("hledger is required and is not installed")
        pytest.skip("hledger is not installed")
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


class Hledger:
    """A journal as hledger reads it; everything in it is declared and every transaction balances."""

    def __init__(self, journal: Path) -> None:
        self._file = str(journal)
        hledger("-f", self._file, "check", "--strict")

    def accounts(self, business: str = "") -> Balances:
        """Account codes and currencies; of one business or of all."""
        query = [f"tag:business=^{business}$"] if business else []
        return {
            (_CODE.search(name)[0], money): amount  # type: ignore[index]
            for name, money, amount in self._balances(*query)
        }

    def parties(self, roles: Iterable[str]) -> Balances:
        """Roles, keys of parties and currencies."""
        return {
            (role, name, money): amount
            for role in roles
            for name, money, amount in self._balances("--pivot", "party_id", f"tag:role=^{role}$")
        }

    def documents(self) -> set[str]:
        """The keys of the documents."""
        printed = csv.DictReader(io.StringIO(hledger("-f", self._file, "print", "-O", "csv")))
        return {row["comment"].partition("document:")[2].partition(",")[0] for row in printed}

    def days(self) -> set[date]:
        """The days on which money moved."""
        listed = csv.DictReader(io.StringIO(hledger("-f", self._file, "reg", "-O", "csv")))
        return {date.fromisoformat(row["date"]) for row in listed}

    def _balances(self, *query: str) -> Iterator[tuple[str, str, Decimal]]:
        answer = hledger("-f", self._file, "bal", "-N", "--flat", "-O", "csv", *query)
        for name, said in list(csv.reader(io.StringIO(answer)))[1:]:
            # "10.00 USD, -5.00 KES"; a balance of nothing is "0".
            for part in said.split(", "):
                number, _, money = part.partition(" ")
                if money:
                    yield name, money, Decimal(number)


class Beancount:
    """A journal as beancount reads it, without an error."""

    def __init__(self, journal: Path) -> None:
        from beancount import loader
        from beancount.core.data import Transaction

        entries, errors, _ = loader.load_file(str(journal))
        assert not errors, errors[:3]
        self._transactions: list[Any] = [one for one in entries if isinstance(one, Transaction)]

    def accounts(self, business: str = "") -> Balances:
        """Account codes and currencies; of one business or of all."""
        return self._sum(
            ((_CODE.search(one.account)[0],), one)  # type: ignore[index]
            for one in self._postings()
            if business in ("", one.meta["business"])
        )

    def parties(self, roles: Iterable[str]) -> Balances:
        """Roles, keys of parties and currencies."""
        wanted = set(roles)
        return self._sum(
            ((one.meta["role"], one.meta["party-id"]), one)
            for one in self._postings()
            if one.meta.get("role") in wanted
        )

    def documents(self) -> set[str]:
        """The keys of the documents."""
        return {one.meta["document"] for one in self._transactions}

    def days(self) -> set[date]:
        """The days on which money moved."""
        return {one.date for one in self._transactions}

    def _postings(self) -> Iterator[Any]:
        return (posting for one in self._transactions for posting in one.postings)

    @staticmethod
    def _sum(postings: Iterable[tuple[tuple[str, ...], Any]]) -> Balances:
        sums: Counter[tuple[str, ...]] = Counter()
        for key, posting in postings:
            sums[*key, posting.units.currency] += posting.units.number
        return {key: Decimal(amount) for key, amount in sums.items() if amount}


def beancount_assertions(balances: Balances, names: dict[str, str]) -> str:
    """Our balances as assertions for beancount to judge; `names` are accounts by code."""
    return "".join(
        f"2100-01-01 balance {names[code]}  {amount} {money}\n" for (code, money), amount in balances.items()
    )
