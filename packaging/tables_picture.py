"""Draws docs/tables.svg: every table of both sides, from the declarations that make them.

    python packaging/tables_picture.py            # draw it
    python packaging/tables_picture.py --check    # exit 1 when it is not what the declarations say

Boxes stand in columns by what they are: what happened, what is summed from it, what documents speak of, what
only one side has.  A key column is bold, `?` may be empty, an arrow names the table that a foreign key asks.
"""

import sys
from html import escape
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import Column, Table

# Importing the declarations is what fills the metadata.
from pos_app.store.schema import schema
from pos_app.store.tables.central import central_metadata
from pos_app.store.tables.local import till_metadata
from pos_app.store.tables.master import MASTER
from pos_app.store.tables.projections import BASELINES, CACHED
from pos_app.store.tables.tables import ledger_metadata

PICTURE: Final = Path(__file__).resolve().parents[1] / "docs" / "tables.svg"
ROW, HEAD, GAP, WIDTH, MARGIN = 15, 24, 14, 262, 24
_LEDGER: Final = (
    "document",
    "journal_line",
    "stock_move",
    "document_line",
    "tender",
    "open_item",
    "cost_line",
)


class Group(NamedTuple):
    """Tables that belong together, and their colour."""

    title: str
    colour: str
    tables: list[Table]


def groups() -> list[Group]:
    """Every table once."""
    both, till, centre = (dict(each.tables) for each in (ledger_metadata, till_metadata, central_metadata))
    happened = [both.pop(name) for name in _LEDGER]
    summed = [both.pop(name) for name in sorted(CACHED)]
    kept = [
        both.pop(name) for name in sorted(both) if name.endswith("_checkpoint") or name == "checkpoint_mark"
    ]
    masters = [both.pop("".join(table.name)) for table in MASTER]
    baselines = {"".join(table.name) for table in BASELINES.values()}
    return [
        Group("What happened (both sides, sealed)", "#1f6f54", happened),
        Group("Summed from it by triggers (projections)", "#2b5fa8", summed),
        Group("Sums up to a mark", "#5f7fb0", kept),
        Group("What documents speak of (the feed)", "#8a5a12", masters),
        Group("Beside them, both sides", "#5b5b66", [both[name] for name in sorted(both)]),
        Group("A till: the centre's values", "#7a3b8f", [till.pop(name) for name in sorted(baselines)]),
        Group("A till alone", "#8f3b5b", [till[name] for name in sorted(till)]),
        Group("The centre alone", "#3b6f8f", [centre[name] for name in sorted(centre)]),
    ]


def _height(table: Table) -> int:
    return HEAD + ROW * len(table.columns) + 8


def _described(column: Column[object]) -> str:
    text = escape(column.name) + ("?" if column.nullable else "")
    if column.primary_key:
        text = f'<tspan font-weight="600">{text}</tspan>'
    asked = sorted({key.column.table.name for key in column.foreign_keys} - {column.table.name})
    return text + (f'<tspan fill="#888" dx="4">→ {escape(asked[0])}</tspan>' if asked else "")


def _box(table: Table, colour: str, x: int, y: int) -> str:
    rows = "".join(
        f'<text x="{x + 10}" y="{y + HEAD + 12 + ROW * place}">{_described(column)}</text>'
        for place, column in enumerate(table.columns)
    )
    return (
        f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{_height(table)}" fill="#fff" stroke="{colour}"/>'
        f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{HEAD}" fill="{colour}"/>'
        f'<text x="{x + 10}" y="{y + 16}" fill="#fff" font-weight="600">{escape(table.name)}</text>{rows}'
    )


def picture(columns: int = 6) -> str:
    """The whole picture."""
    heights = [MARGIN + 40] * columns
    parts = []
    for group in groups():
        for place, table in enumerate(group.tables):
            column = min(range(columns), key=heights.__getitem__)
            x, y = MARGIN + column * (WIDTH + GAP), heights[column]
            if place == 0:
                parts.append(
                    f'<text x="{x}" y="{y + 12}" fill="{group.colour}" font-weight="600">{group.title}</text>'
                )
                y += 20
            parts.append(_box(table, group.colour, x, y))
            heights[column] = y + _height(table) + GAP
    width, height = 2 * MARGIN + columns * (WIDTH + GAP) - GAP, max(heights) + MARGIN
    versions = ", ".join(sorted({head for side in schema.HEADS.values() for head in side}))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}"'
        f' height="{height}" font-family="Inter, sans-serif" font-size="11" fill="#222">'
        f'<rect width="{width}" height="{height}" fill="#f6f6f4"/>'
        f'<text x="{MARGIN}" y="{MARGIN + 12}" font-size="18" font-weight="600">Bohari POS: the tables</text>'
        f'<text x="{MARGIN}" y="{MARGIN + 28}" fill="#666">Bold: key. “?”: may be empty. →: asks a table. '
        f"Migrations {escape(versions)}.</text>" + "".join(parts) + "</svg>\n"
    )


def main(arguments: list[str]) -> int:
    """Draw the picture, or say whether it is fresh."""
    if "--check" in arguments:
        return 0 if PICTURE.read_text(encoding="utf-8") == picture() else 1
    PICTURE.write_text(picture(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
