"""A real mail server that counts what reached it, and can act while a mail is being handed over."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

from tests.conftest import Mailbox


class Postbox(Mailbox):
    """`on_arrival` is called with the number of mails so far, before the sender hears "250"."""

    def __init__(self) -> None:
        super().__init__()
        self.port = 0
        self.on_arrival: Callable[[int], None] | None = None

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        answer = await super().handle_DATA(server, session, envelope)
        if self.on_arrival:
            self.on_arrival(len(self.mails))
        return answer

    def arrived(self) -> Counter[str]:
        """How often each Message-ID reached us."""
        return Counter(mail["Message-ID"] for mail in self.mails)

    def ids_by_reader(self) -> dict[str, set[str]]:
        """The Message-IDs that each address got."""
        got: dict[str, set[str]] = defaultdict(set)
        for mail in self.mails:
            got[mail["To"]].add(mail["Message-ID"])
        return got


def doubled(counted: Iterable[int]) -> int:
    """How many arrived more often than once, every further time counted."""
    return sum(count - 1 for count in counted)
