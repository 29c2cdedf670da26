"""Goods ordered from vendors and received from them."""
