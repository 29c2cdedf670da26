"""The lazy list of commands: every name loads, and its line is the first sentence of its own help."""

from collections.abc import Iterator

import pytest

from pos_app.cli.lazy_group import LazyGroup
from pos_app.cli.program import root


def groups(group: LazyGroup) -> Iterator[LazyGroup]:
    yield group
    for name in group.commands:
        below = group.load(name)
        if isinstance(below, LazyGroup):
            yield from groups(below)


@pytest.mark.parametrize("limit", [45, 500])
def test_the_line_of_every_command_is_what_it_says_itself(limit: int) -> None:
    seen = 0
    for group in groups(root()):
        for name, stub in group.commands.items():
            loaded = group.load(name)
            assert loaded.name == name
            assert stub.get_short_help_str(limit) == loaded.get_short_help_str(limit)
            seen += 1
    assert seen > 45
