"""Django's SMTP backend with one connection for many letters and a limit for each in all.

It tells apart what the next step hangs on: a server that is away, one that refused, and one that
was lost before it answered for a letter which it may have taken.
"""

import smtplib
import socket
import threading
import time
from collections.abc import Sequence
from functools import partial
from typing import Any, Final, cast

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends import smtp

from events.deadline import Deadline
from events.errors import Halted

START_OF_LETTER: Final = 354  # the server's "go on" after DATA

_kept = threading.local()  # one connection for each thread, so that none is shared


def forget() -> None:
    """Close the connection that this thread keeps."""
    _where, connection = vars(_kept).pop("line", (None, None))
    if connection is not None:
        connection.close()


class Away(Halted, smtplib.SMTPException):
    """No connection could be had: nothing is wrong with the letter."""


class Uncertain(smtplib.SMTPException):
    """The letter was handed over and the connection lost before the server answered."""


class Connection(smtplib.SMTP):
    """Knows whether a letter is out of our hands, and whose time it takes."""

    used_at = 0.0
    _expected = _handed_over = False

    def __init__(self, deadline: Deadline, *where: Any, **how: Any) -> None:
        self.deadline = deadline
        super().__init__(*where, **how)

    def send(self, s: Any) -> None:
        super().send(s)
        self._handed_over = self._expected

    def getreply(self) -> tuple[int, bytes]:
        handed_over, self._handed_over = self._handed_over, False
        try:
            code, said = super().getreply()
        except smtplib.SMTPException as error:
            raise (Uncertain(str(error)) if handed_over else error) from error
        self._expected = code == START_OF_LETTER
        if handed_over and code < 0:  # no reply that SMTP knows
            self.close()
            raise Uncertain(repr(said))
        return code, said

    def is_open(self) -> bool:
        return self.sock is not None

    def under(self, deadline: Deadline) -> None:
        """From now on it is used in this time."""
        assert self.sock is not None
        deadline.watch(self.sock)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        made: socket.socket = super()._get_socket(host, port, timeout)  # type: ignore[misc]
        return self.deadline.watch(made)


class SecureConnection(smtplib.SMTP_SSL, Connection):
    """The same with TLS from its first byte: the socket below it is the one that is watched."""

    def __init__(self, deadline: Deadline, *where: Any, **how: Any) -> None:
        self.deadline = deadline
        smtplib.SMTP_SSL.__init__(self, *where, **how)


class EmailBackend(smtp.EmailBackend):
    """Takes `MAIL_TIMEOUT` seconds for a letter at most, the connection included."""

    connection: Connection | None
    _partial_connection: Connection | None

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        return sum(self._hand_over(message) for message in email_messages)

    @property
    def connection_class(self) -> Any:
        return partial(SecureConnection if self.use_ssl else Connection, self._deadline)

    def _hand_over(self, message: EmailMessage) -> bool:
        with Deadline(settings.MAIL_TIMEOUT) as self._deadline:
            try:
                sent = self._over_the_kept_one(message) or self._over_a_new_one(message)
            except smtplib.SMTPException:
                self._reset()
                raise
            except BaseException:
                self._drop()
                raise
            self._keep()
            return sent

    def _over_the_kept_one(self, message: EmailMessage) -> bool:
        """False where it is closed by now, as servers do after a while or so many letters."""
        self.connection = self._taken()
        if self.connection is None:
            return False
        self.connection.under(self._deadline)
        try:
            return bool(super().send_messages([message]))
        except Uncertain:
            raise
        except smtplib.SMTPException:
            if self.connection.is_open() or self._deadline.passed:
                raise
            self.connection = None
            return False

    def _over_a_new_one(self, message: EmailMessage) -> bool:
        try:
            self.open()
        except OSError as error:  # every SMTPException is one
            self._drop()
            raise Away(f"{type(error).__name__}: {error}") from error
        return bool(super().send_messages([message]))

    def _taken(self) -> Connection | None:
        """The connection of this thread, if it leads there and was used a moment ago."""
        where, connection = vars(_kept).pop("line", (None, None))
        if connection is None:
            return None
        fresh = time.monotonic() - connection.used_at < settings.MAIL_IDLE
        if fresh and where == self._where():
            return cast("Connection", connection)
        connection.close()
        return None

    def _keep(self) -> None:
        if self.connection is not None and self.connection.is_open():
            self.connection.used_at = time.monotonic()
            _kept.line = (self._where(), self.connection)
        self.connection = None

    def _reset(self) -> None:
        """smtplib leaves the dialogue open after some refusals; the next letter starts anew."""
        try:
            if self.connection is not None and self.connection.is_open():
                self.connection.rset()
        except smtplib.SMTPException:
            self._drop()
        self._keep()

    def _drop(self) -> None:
        """Without a farewell, which may hang like everything else."""
        for each in (self.connection, self._partial_connection):
            if each is not None:
                each.close()
        self.connection = self._partial_connection = None

    def _where(self) -> tuple[object, ...]:
        return (self.host, self.port, self.username, self.password, self.use_tls, self.use_ssl)
