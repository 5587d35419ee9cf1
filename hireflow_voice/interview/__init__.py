"""The interview itself: what the interviewer says next, decided without a thread, a clock, a file or a screen.

`Interview` takes inputs (`inputs.py`) and returns actions (`actions.py`); the window, the command line and the tests
drive the same machine. This package imports nothing but the standard library.
"""

from hireflow_voice.interview.conversation import Stage
from hireflow_voice.interview.machine import Interview

__all__ = ["Interview", "Stage"]
