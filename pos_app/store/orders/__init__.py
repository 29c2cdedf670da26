"""What others can still receive or collect."""
