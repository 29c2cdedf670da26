"""Bugs that are planted, one at a time, to see that a test finds each: `python -m tests.planted`."""
