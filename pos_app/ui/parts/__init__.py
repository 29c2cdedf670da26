"""What several screens show or ask in the same way."""
