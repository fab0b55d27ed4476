"""Pan, tilt and zoom: the spaces, moves, presets and what carries them out."""
