"""Where things are kept. Each folder can be moved by an environment variable."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

APP = "hireflow-voice"


def data_dir() -> Path:
    """Calls and their recordings (HIREFLOW_DATA_DIR)."""
    return Path(os.environ.get("HIREFLOW_DATA_DIR") or platformdirs.user_data_path(APP))


def models_dir() -> Path:
    """Model weights (HIREFLOW_MODELS_DIR); apart from the data, so that deleting all calls keeps them."""
    return Path(os.environ.get("HIREFLOW_MODELS_DIR") or platformdirs.user_data_path(APP) / "models")


def cache_dir() -> Path:
    """Rendered speech and null scores; safe to delete (HIREFLOW_CACHE_DIR)."""
    return Path(os.environ.get("HIREFLOW_CACHE_DIR") or platformdirs.user_cache_path(APP))


def config_dir() -> Path:
    """settings.toml (HIREFLOW_CONFIG_DIR)."""
    return Path(os.environ.get("HIREFLOW_CONFIG_DIR") or platformdirs.user_config_path(APP))


def log_dir() -> Path:
    """Rotating log files (HIREFLOW_LOG_DIR)."""
    return Path(os.environ.get("HIREFLOW_LOG_DIR") or platformdirs.user_log_path(APP))
