"""Model weights: what is needed, where it comes from, and proof that it is what it claims to be."""

from hireflow_voice.models.fetch import Progress, Stage, fetch, missing
from hireflow_voice.models.manifest import MODELS, Model, find
from hireflow_voice.models.remove import remove
from hireflow_voice.models.verify import ModelStatus, State, folder, installed, location, status, verify

__all__ = [
    "MODELS", "Model", "ModelStatus", "Progress", "Stage", "State",
    "fetch", "find", "folder", "installed", "location", "missing", "remove", "status", "verify",
]  # fmt: skip
