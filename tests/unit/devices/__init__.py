"""Tests of the room `pos_app.devices`."""
