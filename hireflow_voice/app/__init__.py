"""The composition root: the only room that knows the concrete parts, and the thread that drives a call."""
