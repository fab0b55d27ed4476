"""Recordings and what triggers them."""
