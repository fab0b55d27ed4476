"""Fragmented MP4, pure Python: one fragment per access unit, for the browser and the recorder.

Encoded pictures come in as byte stream (Annex B), as GStreamer and cameras give them. Times in
the fragments are UTC, in ticks of 1/90000 s since 1970, so every fragment says when it was.
"""
