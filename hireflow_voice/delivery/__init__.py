"""How an answer was said, measured from its recording; never part of a score."""

from hireflow_voice.delivery.measure import LONG_SILENCE_S, fillers, measure, target

__all__ = ["LONG_SILENCE_S", "fillers", "measure", "target"]
