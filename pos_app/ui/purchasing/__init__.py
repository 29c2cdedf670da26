"""Goods ordered from vendors, and goods that come in."""
