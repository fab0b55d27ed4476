"""What this machine is and how it stands in its network.

Every reader tells what is, or leaves out what cannot be known; nothing here guesses.
"""
