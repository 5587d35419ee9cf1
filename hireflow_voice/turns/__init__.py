"""Whose turn it is: voice activity and the end of a turn."""
