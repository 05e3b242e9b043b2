"""A proxy on TCP that cuts connections after so many bytes: what a network between omg and the API server does."""

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self

CHUNK = 64 * 1024


class CuttingProxy:
    """Forwards to a port of loopback.

    Args:
        after: bytes that the server may send on one connection before it is cut.
        times: connections that are cut; later ones go on.

    Attributes:
        port: where it listens.
        cuts: connections that were cut so far.
    """

    def __init__(self, target: int, *, after: int, times: int) -> None:
        self._target, self._after, self._times = target, after, times
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._lock = threading.Lock()
        self.port: int = self._listener.getsockname()[1]
        self.cuts = 0

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._target))
                threading.Thread(target=self._serve, args=(client, server), daemon=True).start()

    def _serve(self, client: socket.socket, server: socket.socket) -> None:
        """Both directions; closed when both have ended, because closing drops what is under way."""
        upwards = threading.Thread(target=self._forward, args=(client, server, False), daemon=True)
        upwards.start()
        self._forward(server, client, True)
        upwards.join()
        client.close()
        server.close()

    def _forward(self, source: socket.socket, sink: socket.socket, counts: bool) -> None:
        passed = 0
        with suppress(OSError):
            while data := source.recv(CHUNK):
                passed += len(data)
                if counts and passed > self._after and self._is_due():
                    source.shutdown(socket.SHUT_RDWR)
                    sink.shutdown(socket.SHUT_RDWR)
                    break
                sink.sendall(data)
        with suppress(OSError):
            sink.shutdown(socket.SHUT_WR)

    def _is_due(self) -> bool:
        with self._lock:
            if self.cuts >= self._times:
                return False
            self.cuts += 1
            return True
