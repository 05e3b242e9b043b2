"""Why an upgrade to WebSocket was refused: aiohttp's own error has lost the body, which says it."""

import aiohttp
from multidict import CIMultiDict

from omg.cluster.answers import BODY_LIMIT
from omg.cluster.connections import NETWORK_ERRORS


class HandshakeRefused(aiohttp.ClientError):
    """An upgrade to WebSocket was answered with something else."""

    def __init__(self, status: int, headers: CIMultiDict[str], body: bytes) -> None:
        super().__init__(f"status {status}")
        self.status = status
        self.headers = headers
        self.body = body


async def keep_refused_handshake(
    request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """Read why an upgrade was refused, before aiohttp throws it away."""
    response = await send(request)
    if "Sec-WebSocket-Key" not in request.headers or response.status == 101:
        return response
    body = bytearray()
    try:
        while len(body) < BODY_LIMIT and (data := await response.content.readany()):
            body += data
    except NETWORK_ERRORS:
        pass  # what came until then will do
    finally:
        response.close()
    raise HandshakeRefused(response.status, CIMultiDict(response.headers), bytes(body))
