"""What is open between us and a party."""
