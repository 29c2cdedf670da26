"""Random histories of depots."""
