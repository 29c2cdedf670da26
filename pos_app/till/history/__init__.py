"""Documents of another system, brought in."""
