"""A mail server on this machine that keeps what it is given and sends nothing on."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Final

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from demo import ports
from demo.telling import Teller

SHOWN: Final = (
    "From", "Reply-To", "To", "Subject", "Message-ID", "References", "Auto-Submitted",
    "List-Unsubscribe",
)  # fmt: skip


class Sink:
    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.url = ""

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's name
        content = envelope.content
        assert isinstance(content, bytes)
        self.mails.append(BytesParser(policy=policy.default).parsebytes(content))
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        """The mails that reached this address, the oldest first."""
        return [mail for mail in self.mails if address in str(mail["To"])]


@contextmanager
def running() -> Iterator[Sink]:
    """A mail server on a free port; `url` is the setting EMAIL_URL."""
    sink = Sink()
    with ports.hold() as held:
        port = ports.number(held)
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    sink.url = f"smtp://127.0.0.1:{port}"
    try:
        yield sink
    finally:
        controller.stop()


def text(mail: EmailMessage) -> str:
    return "\n".join(str(mail.get_content()).splitlines())


def links(mail: EmailMessage, base: str) -> list[str]:
    """The addresses of the service in the mail."""
    return re.findall(rf"^{re.escape(base)}/\S+$", text(mail), re.MULTILINE)


def show(teller: Teller, mail: EmailMessage, *, whole: bool = True) -> None:
    teller.say("✉ a mail reached the mail server")
    for name in SHOWN:
        if mail[name]:
            teller.say(f"  {name}: {str(mail[name]).strip()}")
    if whole:
        teller.block(text(mail))
