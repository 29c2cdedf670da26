"""Owns what every key does on what a manager does beside goods and money (see `pressed_keys`)."""

from typing import Final

MANAGER: Final = """
labels:
  F3 | Product list | sheet: Which product?
  F4 | Barcode | sheet: Which barcode?
  F8 | Take out | keyboard: goods-search
  F9 | Empty the list | sheet: Empty the list?
  F12 | Print the labels | 1 label is printed.
  Esc | Back | screen: DepotScreen
reports:
  ↑ ↓ | Choose | marked: Sales
  Enter | Show | Being made … // gone: Drawer differences
  F4 | Days | sheet: For which days?
  Esc | Back | screen: DepotScreen
health:
  F5 | Look again | same
  Esc | Back | screen: DepotScreen
"""
