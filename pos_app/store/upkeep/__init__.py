"""Finding drift and damage, and mending drift."""
