"""Bohari POS: the till, the office and what both stand on."""

from typing import Final

#: The version that runs, as pyproject.toml has it (a test compares them): the metadata of an installed
#: package are not in a frozen one, and cost a till's start some milliseconds.
VERSION: Final = "0.1.0"
