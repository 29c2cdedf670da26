"""What the house must know of each type of document, declared once a family; registers derive from it."""
