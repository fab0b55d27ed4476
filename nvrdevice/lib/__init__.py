"""Leaf modules that know no noun of the device: each has one job and a name of its own."""
