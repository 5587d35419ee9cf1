"""The server that is asked, and what must hold before anything is sent to it."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from hireflow_voice.errors import EndpointError


@dataclass(frozen=True, slots=True)
class Server:
    """Where to ask. The key is shown nowhere."""

    base_url: str
    model: str
    key: str
    deadline_s: float

    @property
    def host(self) -> str:
        """Host name alone: an address may carry a password."""
        try:
            return urlsplit(self.base_url).hostname or "the endpoint"
        except ValueError:
            return "the endpoint"

    @property
    def near(self) -> bool:
        """Whether it stands on this computer or in its own network, where asking twice costs nothing but time."""
        return loopback(self.host) or _private(self.host)

    def __repr__(self) -> str:
        return f"Server({self.host!r}, {self.model!r})"


def check(server: Server, *, needs_model: bool = True) -> None:
    """Raise EndpointError for an address, a model or a key that must not be used."""
    try:
        parts = urlsplit(server.base_url)
        _ = parts.port
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise EndpointError("The endpoint's address is not a web address.", "It begins with https:// or http://.")
    if needs_model and not server.model.strip():
        raise EndpointError("No model is named for the endpoint.", "Enter the model's name in the settings.")
    if not server.key.isascii() or not server.key.isprintable() or " " in server.key:
        raise EndpointError("The key has characters that no key has.", "Paste the key again in the settings.")
    if server.key and parts.scheme == "http" and not loopback(parts.hostname):
        raise EndpointError(
            f"The key would travel to {parts.hostname} unencrypted, so nothing was sent.", "Use an https:// address."
        )


def loopback(host: str) -> bool:
    """Whether this computer is meant."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _private(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return host.endswith(".local")
