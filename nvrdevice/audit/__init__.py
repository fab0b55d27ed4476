"""Who did what, from where, over which protocol."""
