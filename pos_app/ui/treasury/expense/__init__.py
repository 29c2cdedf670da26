"""Expenses paid out of the drawer, the M-Pesa till or the bank."""
