"""Specimens of every document type, and strategies that draw them."""
