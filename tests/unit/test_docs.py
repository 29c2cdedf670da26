"""What the pages say holds: links lead somewhere, named tests exist, generated pages are fresh."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("packaging/*.md")])
MOST_LINES_OF_THE_README = 150
GENERATORS = ("decisions", "tables_picture", "third_party_notices")
_LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#]+)")
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
_FILE = re.compile(
    r"`((?:pos_app|sync|demo|tests|packaging|resources|docs)/[\w./]+\.(?:py|md|toml|json|svg|sh))`"
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_and_named_files_are_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    linked = [page.parent / link for link in _LINK.findall(text)]
    named = [ROOT / name for name in _FILE.findall(text)]
    # Rooms are named from inside the product too: `till/selling/checkout.py`.
    assert [str(path) for path in (*linked, *named) if not path.exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_named_tests_exist(page: Path) -> None:
    missing = [
        f"{file}::{name}"
        for file, name in _TEST.findall(page.read_text(encoding="utf-8"))
        if not (ROOT / file).exists() or f"def {name}(" not in (ROOT / file).read_text(encoding="utf-8")
    ]
    assert missing == []


def test_every_invariant_names_its_tests() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    section = text.partition("## Invariants")[2].partition("\n## ")[0]
    invariants = re.split(r"\n(?=\d+\. )", section)[1:]
    assert len(invariants) == 10
    assert [one.partition("\n")[0] for one in invariants if not _TEST.search(one)] == []


def test_the_readme_is_one_page() -> None:
    assert (ROOT / "README.md").read_text(encoding="utf-8").count("\n") < MOST_LINES_OF_THE_README


@pytest.mark.parametrize("name", GENERATORS)
def test_a_generated_page_is_what_its_sources_say(name: str) -> None:
    done = subprocess.run(
        [sys.executable, f"packaging/{name}.py", "--check"],
        cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"make docs writes it anew {done.stderr}"
