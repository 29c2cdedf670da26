"""Owns what the keys of the drawer's screen do, in each of its states: see `pressed_keys`."""

from typing import Final

DRAWER: Final = """
drawer, closed:
  F11 | Bank bag | sheet: Bag for the bank
  F12 | Open the drawer | books: DrawerOpen
  Esc | Back to basket | screen: SellScreen
drawer:
  F2 | Cash in | sheet: Cash in
  F3 | Cash out | sheet: Cash out
  F4 | To the safe | sheet: To the safe
  F5 | More float | sheet: More float
  F6 | Shift so far | sheet: Shift so far
  F7 | Owner draws | sheet: Owner draws
  F8 | Hand over | keyboard: pieces-0
  F9 | X report | sheet: X report
  F10 | Only open it | sheet: Open the drawer without a sale?
  F11 | Bank bag | sheet: Bag for the bank
  F12 | Count and close | keyboard: pieces-0
  Esc | Back to basket | screen: SellScreen
drawer, counted:
  ↓ Enter | Next | keyboard: pieces-2
  F12 | Fix the count | keyboard: variance-reason
  Esc | Back | keyboard: begin-close
drawer, other money:
  ↑ ↓ | Choose | marked:
  Enter | Tick | marked:
  F4 | Tick all | same
  F5 | As a sum | sheet: M-Pesa: how much is there?
  F12 | Fix the count | keyboard: variance-reason
  Esc | Back | keyboard: pieces-0
drawer, reviewed:
  F4 | Count again | keyboard: pieces-0
  F8 | Hand over | same
  F12 | Close the drawer | books: DrawerClose
  Esc | Back to basket | screen: SellScreen
drawer, closed just now:
  F12 | Sign out | screen: SignInScreen
"""
