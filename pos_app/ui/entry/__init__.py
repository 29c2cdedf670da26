"""Lines of goods entered, listed and set: the frame of every screen that takes goods line by line."""
