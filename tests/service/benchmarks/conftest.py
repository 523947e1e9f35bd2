"""A server that answers as it is told."""

import asyncio
import threading

import pytest


@pytest.fixture
def answering():
    """A server that answers each request as told, and the bodies that it was sent."""
    ending = []

    def start(answer):
        sent, port = [], []
        started = threading.Event()

        async def serve():
            async def client(reader, writer):
                while head := await reader.readuntil(b"\r\n\r\n"):
                    length = int(head.lower().partition(b"content-length:")[2].split()[0])
                    sent.append(await reader.readexactly(length))
                    writer.write(answer)

            server = await asyncio.start_server(client, "127.0.0.1", 0)
            stop = asyncio.Event()
            ending.append((asyncio.get_running_loop(), stop, thread))
            port.append(server.sockets[0].getsockname()[1])
            started.set()
            await stop.wait()
            server.close()

        thread = threading.Thread(target=lambda: asyncio.run(serve()))
        thread.start()
        started.wait()
        return port[0], sent

    yield start
    for loop, stop, thread in ending:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
