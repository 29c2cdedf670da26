"""Owns the widget kit: the parts from which every screen of the till is built. One noun per module."""
