"""Payments that providers confirmed, what is asked of providers, and which sale each payment is of."""
