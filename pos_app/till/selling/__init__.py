"""The counter: from a scan to a paid basket, and back again."""
