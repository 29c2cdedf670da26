"""Benchmarks: `make bench`.  Every figure is a ratio to a bare limit measured in the same run."""
