"""Cells as text: for a person's eye (grouped, true minus signs) and for programs (plain decimals)."""

from datetime import date
from decimal import Decimal

from pos_app.ledger.money import decimal_text, grouped_text
from pos_app.ledger.quantity import quantity_text
from pos_app.reports.model.report import Cell, CellKind, Column


def shown(cell: Cell, column: Column) -> str:
    """As a person reads it; nothing is an empty text, zero money a dash-free "0.00"."""
    if cell is None:
        return ""
    if isinstance(cell, date):
        return f"{cell:%Y-%m-%d}"
    if isinstance(cell, str):
        return cell
    if column.kind is CellKind.MONEY and column.currency is not None:
        return grouped_text(cell, column.currency)
    if column.kind is CellKind.QUANTITY:
        return quantity_text(cell)
    if column.kind is CellKind.PERCENT:
        return f"{Decimal(cell).scaleb(-1):,.1f} %".replace("-", "\u2212")
    return f"{cell:,}".replace("-", "\u2212")


def plain(cell: Cell, column: Column) -> str:
    """As a program reads it: "-8790.00", "1.25", "2026-11-30"."""
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, str):
        return cell
    if column.kind is CellKind.MONEY and column.currency is not None:
        return decimal_text(cell, column.currency)
    if column.kind is CellKind.QUANTITY:
        return f"{Decimal(cell).scaleb(-3):f}"
    return f"{Decimal(cell).scaleb(-1):f}" if column.kind is CellKind.PERCENT else str(cell)


def number(cell: int, column: Column) -> Decimal:
    """The number that a spreadsheet holds."""
    if column.kind is CellKind.MONEY and column.currency is not None:
        return Decimal(cell).scaleb(-column.currency.exponent)
    if column.kind is CellKind.PERCENT:
        return Decimal(cell).scaleb(-1)
    return Decimal(cell).scaleb(-3) if column.kind is CellKind.QUANTITY else Decimal(cell)


def title(column: Column) -> str:
    """The head of a column; money says its currency, because a sheet travels without its title."""
    return f"{column.title} {column.currency.code}" if column.currency is not None else column.title
