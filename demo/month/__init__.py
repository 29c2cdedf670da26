"""A month of three businesses on four tills and the office, locked and proved."""
