"""Reports on the till's screen."""
