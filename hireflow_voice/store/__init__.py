"""What is kept: takes with sidecars on disk, and an index of them in SQLite that can be rebuilt."""

from hireflow_voice.store.calls import Store, new_call_id
from hireflow_voice.store.folder import CallFolder
from hireflow_voice.store.index import TakeSummary

__all__ = ["Store", "CallFolder", "TakeSummary", "new_call_id"]
