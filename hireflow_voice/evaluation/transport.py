"""HTTP as it is spoken to a server that is not trusted: capped, uncompressed, no redirects, no proxies from outside.

Imported only when a request is made: httpx2 and openai take their time to load.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx2

LARGEST = 256 * 1024
"""Bytes of a reply; a judgement has about 4,000."""
TOO_LARGE = "answer larger than allowed"
COMPRESSED = "compressed answer refused"


class _Capped(httpx2.AsyncByteStream):
    def __init__(self, inner: httpx2.AsyncByteStream) -> None:
        self._inner = inner

    async def __aiter__(self) -> AsyncIterator[bytes]:
        seen = 0
        async for block in self._inner:
            seen += len(block)
            if seen > LARGEST:
                raise httpx2.ReadError(TOO_LARGE)
            yield block

    async def aclose(self) -> None:
        await self._inner.aclose()


class Guarded(httpx2.AsyncHTTPTransport):
    """Refuses what could fill the memory: replies over `LARGEST`, and compressed ones (49 kB can hold 50 MB)."""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        request.headers["Accept-Encoding"] = "identity"
        response = await super().handle_async_request(request)
        if response.headers.get("content-encoding", "identity").strip().lower() != "identity":
            await response.aclose()
            raise httpx2.ReadError(COMPRESSED)
        assert isinstance(response.stream, httpx2.AsyncByteStream)
        return httpx2.Response(
            response.status_code,
            headers=response.headers,
            stream=_Capped(response.stream),
            extensions=response.extensions,
        )


def client(timeout_s: float) -> httpx2.AsyncClient:
    """A client whose every wait is at most `timeout_s`; the total deadline is the caller's (a drip resets waits)."""
    return httpx2.AsyncClient(transport=Guarded(), follow_redirects=False, trust_env=False, timeout=timeout_s)
