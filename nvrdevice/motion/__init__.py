"""Motion detection: the only folder that loads OpenCV, and only when a picture comes."""
