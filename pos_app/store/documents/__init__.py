"""A document as rows, and read back."""
