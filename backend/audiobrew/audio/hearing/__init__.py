"""Listens to clips with a speech recognizer, and finds names and figures that cannot be understood."""
