"""Planted bugs by the room that they are planted in."""
