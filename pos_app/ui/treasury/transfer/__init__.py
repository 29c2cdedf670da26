"""Money moved between the drawer, the safe, the bank, the M-Pesa till and the cards."""
