"""The web process's server: Daphne with our own front, channel, request and server classes.

Only server.py and its neighbours import Daphne, since that import installs Twisted's reactor;
limits.py, sockets.py and shutdown.py are free to be imported anywhere.
"""
