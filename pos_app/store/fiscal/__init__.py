"""Fiscal devices in the database: what each is, what it was told, and how every invoice stands."""
