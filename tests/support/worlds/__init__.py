"""Tills, centres and whole depots to test in."""
