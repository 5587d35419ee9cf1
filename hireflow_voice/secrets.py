"""The endpoint's key: from the environment, the keyring, or held for this run only. Never in a file of ours.

On a machine without a usable keyring (bare Linux has none) the key lives until the app ends, and the user is told so.
"""

from __future__ import annotations

import os
from urllib.parse import urlsplit

ENVIRONMENT = "HIREFLOW_ENDPOINT_KEY"
_SERVICE = "hireflow-voice"


class Keys:
    """Where the key of each endpoint is. Thread-safe as far as a dict is; used from the window and the call."""

    def __init__(self) -> None:
        self._this_run: dict[str, str] = {}

    def get(self, base_url: str) -> str:
        """The key for this endpoint, or empty."""
        return self._find(base_url)[0]

    def where(self, base_url: str) -> str:
        """ "environment", "keyring", "this run" or empty."""
        return self._find(base_url)[1]

    def set(self, base_url: str, key: str, keep: bool) -> str:
        """Hold `key` for this endpoint; one sentence that says where it is now."""
        name = account(base_url)
        if not key:
            self._this_run.pop(name, None)
            _keyring_delete(name)
            return "The key was removed."
        if keep and _keyring_set(name, key):
            self._this_run.pop(name, None)
            return "The key is kept in this computer's keyring."
        self._this_run[name] = key
        if keep:
            return "This computer has no usable keyring: the key is held until the app ends."
        return "The key is held until the app ends."

    def _find(self, base_url: str) -> tuple[str, str]:
        if key := os.environ.get(ENVIRONMENT, ""):
            return key, "environment"
        name = account(base_url)
        if key := self._this_run.get(name, ""):
            return key, "this run"
        if key := _keyring_get(name):
            return key, "keyring"
        return "", ""


def account(base_url: str) -> str:
    """One key per server: scheme, host and port, so that a key never goes to another one."""
    parts = urlsplit(base_url)
    return f"{parts.scheme}://{parts.netloc}"


def _keyring_get(name: str) -> str:
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(_SERVICE, name) or ""
    except KeyringError:
        return ""


def _keyring_set(name: str, key: str) -> bool:
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(_SERVICE, name, key)
    except KeyringError:
        return False
    return True


def _keyring_delete(name: str) -> None:
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.delete_password(_SERVICE, name)
    except KeyringError:
        return  # there was none, or there is no keyring: both mean that no key is kept
