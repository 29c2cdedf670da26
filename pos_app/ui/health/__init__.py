"""The page of this till's health."""
