"""Taking the money, and what goes back."""
