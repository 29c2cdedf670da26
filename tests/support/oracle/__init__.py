"""Independent judges: a naive model of the books, and other programs."""
