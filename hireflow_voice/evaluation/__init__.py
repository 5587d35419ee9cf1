"""Judging: an answer is held against key points, and every claim is a quote whose place is known."""
