"""What is declared: the tables of both sides, and the projections over them."""
