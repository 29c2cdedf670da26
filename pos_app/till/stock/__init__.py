"""Goods at the depot: counted, moved, corrected, lent and brought back."""
