"""A report as values for a program: amounts and quantities are decimal texts, never floats."""

from typing import Any

from pos_app.reports.model.cell_text import plain
from pos_app.reports.model.report import Cell, CellKind, Column, Report, Section


def report_values(report: Report) -> dict[str, Any]:
    """The whole report, ready for `json.dumps`."""
    return {
        "report": report.name,
        "title": report.title,
        "organisation": report.organisation,
        "scope": report.scope,
        "subject": report.subject,
        "sender": list(report.sender),
        "from": report.period.first.isoformat() if report.period.first else None,
        "to": report.period.last.isoformat(),
        "agrees": report.agrees,
        "findings": list(report.findings),
        "notes": list(report.notes),
        "sections": [_section(section) for section in report.sections],
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "title": section.title,
        "columns": [
            {
                "title": column.title,
                "kind": column.kind.value,
                "align": column.align.value,
                "currency": column.currency.code if column.currency else None,
            }
            for column in section.columns
        ],
        "rows": [
            {
                "kind": row.kind.value,
                "cells": [
                    _value(cell, column) for cell, column in zip(row.cells, section.columns, strict=True)
                ],
            }
            for row in section.rows
        ],
    }


def _value(cell: Cell, column: Column) -> str | int | None:
    if cell is None:
        return None
    return cell if column.kind is CellKind.NUMBER and isinstance(cell, int) else plain(cell, column)
