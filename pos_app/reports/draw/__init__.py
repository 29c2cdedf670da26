"""A report drawn: each file knows paper, cells or separators, and no accounting."""
