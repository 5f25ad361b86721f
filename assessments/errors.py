from contractors.errors import Refused


class WrongStatus(Refused):
    """The act is not allowed in this status; `allowed` names the statuses it is allowed in."""

    code = "wrong-status"


class ProfileIncomplete(Refused):
    """A supplier must see who asks and whom to call before anything is sent."""

    code = "profile-incomplete"


class WarningsUnconfirmed(Refused):
    """Nobody has said that a serious warning was looked at; `warnings` are those that wait."""

    code = "warnings-unconfirmed"


class PersonNeeded(Refused):
    """A promise to a supplier and a serious warning need a person who stands for them."""

    code = "person-needed"
    status = 403


class OrdersHeld(Refused):
    """A promise about trade while new orders are stopped; `errors` points at the promise."""

    code = "orders-held"


class NotInstead(Refused):
    """This certificate does not stand in for the answers: `accepted` names the schemes that do."""

    code = "not-instead"


class NoContact(Refused):
    """Nobody at the supplier can be written to."""

    code = "no-contact"


class SameContact(Refused):
    """Whoever is named is in charge already."""

    code = "same-contact"


class NotDelegated(Refused):
    """A colleague answers the questions asked, as long as they are asked, and no others."""

    code = "not-delegated"


class AlreadyAsked(Refused):
    """A colleague is asked once at a time about a request."""

    code = "already-asked"


class HandedOver(Refused):
    """Somebody else was put in charge since this page was opened."""

    code = "handed-over"


class AwaitsConfirmation(Refused):
    """The responsible person was asked to confirm the answers: until then they do not change."""

    code = "awaits-confirmation"


class NotAsked(Refused):
    """The confirmation was given, returned or taken back, or its request has gone on."""

    code = "not-asked"


class WrittenToday(Refused):
    """A person gets one letter a day, whatever it is about."""

    code = "written-today"


class NotInvitedYet(Refused):
    """The letter by which a campaign asks has yet to leave: there is nothing to remind of."""

    code = "not-invited-yet"


class RemindedEnough(Refused):
    """A request is reminded of four times at most."""

    code = "reminded-enough"


class NotLater(Refused):
    """An extension gives more time: the new due day is after the one that holds."""

    code = "not-later"


class NotByOneself(Refused):
    """The supplier cannot move this due day without the contractor, or not so far."""

    code = "not-by-oneself"


class Incomplete(Refused):
    """Answers are missing; `missing` and `missing_profile` number them."""

    code = "incomplete"


class TooMany(Refused):
    """A limit against guessing and against flooding a mailbox; it passes by itself."""

    code = "too-many"


class WrongCode(Refused):
    """The six digits are not those of the newest mail, are too old, or were tried too often."""

    code = "wrong-code"


class Stale(Refused):
    """The page was loaded before somebody else changed it."""

    code = "stale"


class Erased(Refused):
    """Its retention has ended; `erased_at` says since when nothing is left of it."""

    code = "erased"
    status = 410


class HoldRunning(Refused):
    """A supplier has one hold at a time."""

    code = "hold-running"


class NoHold(Refused):
    """There is no hold to release."""

    code = "no-hold"


class AlreadyOpen(Refused):
    """A thread of this kind is open: what is to be said belongs there."""

    code = "already-open"


class NotYours(Refused):
    """A side decides about the other side's proposals alone."""

    code = "own-proposal"


class Unexplained(Refused):
    """A refusal, and an end without an answer, need at least one sentence."""

    code = "unexplained"


class TalksUnanswered(Refused):
    """Nothing is asked of a supplier whose talks no person answered for 10 business days."""

    code = "talks-unanswered"


class NobodyToAsk(Refused):
    """None of a campaign's suppliers can be asked; `unaskable` says how many and why."""

    code = "nobody-to-ask"


class DueTooEarly(Refused):
    """The answers would be due before the last letter has left; `last_mail_at` says when."""

    code = "due-too-early"


class MailNotSent(Refused):
    """The mail server did not take a letter that somebody waits for."""

    code = "mail-not-sent"
    status = 503
