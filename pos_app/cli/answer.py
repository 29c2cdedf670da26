"""What a command gives back: values for a program, lines for a person, and whether all is well."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Answer:
    """`values` is the JSON object, `lines` what a person reads; not `ok` ends with exit code 1."""

    values: dict[str, Any] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    ok: bool = True
