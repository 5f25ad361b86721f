"""What a mail server may do instead of taking a letter: each is an answer to one command."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any

Mood = Callable[[Any], Awaitable[str | None]]


def say(answer: str) -> Mood:
    async def said(server: Any) -> str:
        return answer

    return said


async def accept(server: Any) -> None:
    """As if it were in no mood at all."""


async def drop(server: Any) -> str:
    """The connection is gone before a word was said."""
    server.transport.abort()
    return ""


async def hang(server: Any) -> str:
    """Until the other side has had enough."""
    while not server.transport.is_closing():
        await asyncio.sleep(0.05)
    return ""


async def drip(server: Any) -> str:
    """An answer that never comes to its end, but always goes on."""
    server.transport.write(b"250-")
    while not server.transport.is_closing():
        server.transport.write(b"o")
        await asyncio.sleep(0.05)
    return ""


class Moody:
    """A handler's part: the next moods by command, and how many connections there were."""

    def __init__(self) -> None:
        self.moods: dict[str, list[Mood]] = defaultdict(list)
        self.connections = 0

    async def moody(self, command: str, server: Any) -> str | None:
        """The answer that this command gets instead of the usual one, if it gets one."""
        if self.moods[command]:
            return await self.moods[command].pop(0)(server)
        return None

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        answer = await self.moody("MAIL", server)
        if answer is not None:
            return answer
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"
