"""The basket and the shelf."""
