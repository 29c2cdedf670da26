"""Finding a customer, and what they owe."""
