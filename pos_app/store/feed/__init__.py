"""What travels to a till, both ends of it."""
