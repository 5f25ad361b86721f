"""A real mail server that counts what reached it, and can act while a mail is being handed over."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from email.message import EmailMessage

from django.utils import timezone

from tests.conftest import Mailbox


class Postbox(Mailbox):
    """`on_arrival` is called with the number of mails so far, before the sender hears "250"."""

    def __init__(self) -> None:
        super().__init__()
        self.port = 0
        self.moments: list[datetime] = []  # of the mails, in their order
        self.on_arrival: Callable[[int], None] | None = None

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        answer = await super().handle_DATA(server, session, envelope)
        self.moments += [timezone.now()] * (len(self.mails) - len(self.moments))
        if self.on_arrival:
            self.on_arrival(len(self.mails))
        return answer

    def arrived(self) -> Counter[str]:
        """How often each Message-ID reached us."""
        return Counter(map(id_of, self.mails))

    def first_arrivals(self) -> dict[str, datetime]:
        """When each Message-ID reached us for the first time."""
        latest_first = zip(reversed(self.mails), reversed(self.moments), strict=True)
        return {id_of(mail): moment for mail, moment in latest_first}

    def ids_by_reader(self) -> dict[str, set[str]]:
        """The Message-IDs that each address got."""
        got: dict[str, set[str]] = defaultdict(set)
        for mail in self.mails:
            got[mail["To"]].add(mail["Message-ID"])
        return got


def id_of(mail: EmailMessage) -> str:
    """As the service's table has it: without brackets and domain."""
    return str(mail["Message-ID"]).strip("<>").partition("@")[0]


def doubled(counted: Iterable[int]) -> int:
    """How many arrived more often than once, every further time counted."""
    return sum(count - 1 for count in counted)
