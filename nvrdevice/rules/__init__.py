"""Rules: when an input, motion or a schedule begins or ends, an output is switched
or a camera recorded."""
