"""The media engine: the only folder that imports gi, loaded by runmedia alone.

Frames flow capture -> hub -> consumers; every time in here is the machine's monotonic clock
in nanoseconds, which is also the running time of every pipeline with base time zero.
"""
