"""The list of planted bugs stays true: each stands where it says, and who should find it exists."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

from tests.planted.asking import SIMULATOR, Told
from tests.planted.bug import Bug
from tests.planted.bugs import BUGS
from tests.planted.results import Results
from tests.planted.scratch import ROOT, edited


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_every_bug_has_the_text_that_it_would_change(bug: Bug) -> None:
    """`python -m tests.planted` takes long and runs seldom; a line that was rewritten is noticed here."""
    source = (ROOT / bug.file).read_text(encoding="utf-8")
    assert source.count(bug.old) == 1 or (bug.place and source.count(bug.old) > bug.place)
    planted = edited(source, bug.old, bug.new, bug.place)
    assert planted != source
    ast.parse(planted)


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_every_bug_has_tests_that_should_find_it(bug: Bug) -> None:
    assert bug.found_by
    for one in bug.found_by:
        if one.startswith(SIMULATOR):
            continue
        path, _, name = one.partition("::")
        assert (ROOT / "tests" / path).is_file(), path
        found = re.search(
            rf"^(?:async )?def {re.escape(name)}\b", (ROOT / "tests" / path).read_text("utf-8"), re.M
        )
        assert not name or found, one


def test_no_two_bugs_have_one_name() -> None:
    assert [name for name, count in Counter(bug.name for bug in BUGS).items() if count > 1] == []


def test_a_round_that_was_ended_goes_on_where_it_stood(tmp_path: Path) -> None:
    file, (first, second, *_) = tmp_path / "results.jsonl", BUGS
    found, late = Told("tests/unit/test_x.py::test_y", 1.5, False, "said"), Told("", 60, True, "slow")
    results = Results(file)
    results.keep(first, found)
    results.keep(second, late)
    again = Results(file)
    assert again.of(first) == found._replace(lines="")
    assert again.of(second) is None
    assert again.of(first._replace(found_by=("unit/test_z.py",))) is None
