"""Figures with their spread, each beside its limit from the same run. Nothing here is a test."""
