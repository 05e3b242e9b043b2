"""Getting an answer onto the wire, or, where a fault strikes, not."""

from __future__ import annotations

import asyncio
import itertools
import socket
import struct
from collections.abc import Callable, Iterable, Mapping

from aiohttp import web

from omg.embedded.answers import BLOCK, Answer, blocks
from omg.embedded.faults import Fault

# Bodies up to here name their length; longer ones, and those made while they are sent, are chunked: so do Go's servers.
WHOLE = 2048


async def forever() -> None:
    """Wait until the client goes away or the cluster stops: either cancels the request."""
    await asyncio.Event().wait()


def hang_up(request: web.BaseRequest, *, reset: bool) -> None:
    """Close the connection: at once (RST), or when what was written is sent (FIN)."""
    transport = request.transport
    if transport is None:
        return
    if reset:
        # Lingering for no time makes close() send RST.
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    else:
        transport.close()


async def send(
    request: web.BaseRequest, answer: Answer, faults: Mapping[str, Fault], ended: Callable[[], None]
) -> web.StreamResponse:
    """Write an answer block by block, no faster than the client reads.

    Of the faults that strike, cut, stall (after headers) and slow change how the body goes out. ended is called before
    the last bytes are written, so that no client can be ahead of it.
    """
    slow, broken = faults.get("slow"), faults.get("stall") or faults.get("cut")
    pieces = blocks(answer.parts, min(BLOCK, slow.amount) if slow else BLOCK)
    begun = list(itertools.islice(pieces, 2))
    response = web.StreamResponse(status=answer.status, headers=dict(answer.headers))
    response.headers["Cache-Control"] = "no-cache, private"
    if answer.status != 204:
        response.headers["Content-Type"] = answer.content_type
        if isinstance(answer.parts, list) and len(b"".join(begun)) <= WHOLE:
            response.content_length = len(b"".join(begun))
        else:
            response.enable_chunked_encoding()
    await response.prepare(request)
    body = itertools.chain(begun, pieces)
    if broken is not None:
        await _write_some(response, body, broken.amount, slow)
        if broken.kind == "stall":
            await forever()
        ended()
        hang_up(request, reset=False)
        return response
    await _write_all(response, body, slow, ended)
    return response


async def _write_some(response: web.StreamResponse, body: Iterable[bytes], size: int, slow: Fault | None) -> None:
    """The first bytes of a body."""
    for block in body:
        if size <= 0:
            return
        await _write(response, block[:size], slow)
        size -= len(block)


async def _write_all(
    response: web.StreamResponse, body: Iterable[bytes], slow: Fault | None, ended: Callable[[], None]
) -> None:
    held = b""
    for block in body:
        if held:
            await _write(response, held, slow)
        held = block
    ended()
    if held:
        await response.write(held)
    await response.write_eof()


async def _write(response: web.StreamResponse, block: bytes, slow: Fault | None) -> None:
    await response.write(block)
    # The socket may take everything at once: other requests get their turn all the same.
    await asyncio.sleep(len(block) / slow.amount if slow else 0)
