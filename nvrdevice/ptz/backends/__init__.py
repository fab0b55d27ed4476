"""What carries a move out: a crop of the picture, a simulated head, a head on a serial line."""
