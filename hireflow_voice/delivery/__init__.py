"""How an answer was said, measured from its recording; never part of a score."""
