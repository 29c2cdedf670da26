"""docs/asvs.md names each requirement of levels 1 and 2 once, and only tests that exist."""

import ast
import re
from collections import Counter
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
_ROW: Final = re.compile(r"\| (\d+\.\d+\.\d+) \| ([12]) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|")
STATES: Final = {"holds", "in part", "not yet", "does not apply"}
#: By section of ASVS 5.0.0, the level of each requirement in order; those of level 3 are not asked for.
LEVELS: Final = """
1.1 22|1.2 1111122223|1.3 112222222223|1.4 222|1.5 123|2.1 122|2.2 112
2.3 12223|2.4 23|3.1 3|3.2 113|3.3 12223|3.4 11222233|3.5 11122333
3.6 3|3.7 22333|4.1 12233|4.2 23333|4.3 22|4.4 1222|5.1 2
5.2 112333|5.3 113|5.4 222|6.1 122|6.2 111111112222|6.3 11223333|6.4 112233
6.5 22222333|6.6 2223|6.7 33|6.8 2222|7.1 222|7.2 1111|7.3 22
7.4 11222|7.5 223|7.6 22|8.1 1233|8.2 1123|8.3 133|8.4 23
9.1 111|9.2 1222|10.1 22|10.2 223|10.3 22223|10.4 1111122222233333|10.5 22222
10.6 22|10.7 222|11.1 2233|11.2 22233|11.3 11233|11.4 1222|11.5 23
11.6 23|11.7 33|12.1 12233|12.2 11|12.3 22223|13.1 2333|13.2 222223
13.3 2233|13.4 1222233|14.1 22|14.2 12223333|14.3 122|15.1 12233|15.2 12233
15.3 1222222|15.4 3333|16.1 2|16.2 22222|16.3 2222|16.4 222|16.5 2223
17.1 23|17.2 22223333|17.3 22
"""


def rows() -> list[tuple[str, ...]]:
    """The rows of the page: id, level, words, state, why."""
    page = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")
    found = [match for line in page.splitlines() if (match := _ROW.fullmatch(line)) is not None]
    assert len(found) == len([line for line in page.splitlines() if re.match(r"\| \d", line)])
    return [tuple(match.groups()) for match in found]


def test_each_requirement_of_levels_1_and_2_stands_once_with_its_level() -> None:
    wanted: dict[str, str] = {}
    for one in re.findall(r"(\d+\.\d+) (\d+)", LEVELS):
        wanted |= {f"{one[0]}.{number}": level for number, level in enumerate(one[1], 1) if level != "3"}
    assert Counter(wanted.values()) == {"1": 70, "2": 183}
    assert Counter(row[0] for row in rows()) == Counter(wanted.keys())
    assert {row[0]: row[1] for row in rows()} == wanted


def test_what_holds_names_a_test_that_exists_and_all_else_says_why() -> None:
    for ident, _, words, state, why in rows():
        assert state in STATES, ident
        assert words.strip(), ident
        named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", why)
        assert bool(named) or state != "holds", f"{ident} names no test"
        assert why.strip(), ident
        for path, name in named:
            tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
            names = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
            assert name in names, f"{ident}: {path}::{name}"
