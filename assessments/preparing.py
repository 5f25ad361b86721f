"""What holds before anybody is asked, be it one supplier or many."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from django.utils.translation import gettext as _

from assessments.errors import PersonNeeded, ProfileIncomplete, WarningsUnconfirmed
from contractors.models import Contractor, User
from questionnaires.models import Questionnaire

TRADE_GOES_ON: Final = "A"  # the promise that open items alone are no reason to review the trade
PROFILE: Final = "supplier-profile"  # rides along with every IPA self-diagnosis


@dataclass(frozen=True)
class Confirmed:
    """The codes of warnings that were looked at, and the person who stands for them."""

    person: User | None = None
    codes: Collection[str] = ()

    def plain(self) -> dict[str, str] | None:
        """The person as it is kept, with the name of that day."""
        if self.person is None:
            return None
        return {"id": str(self.person.public_id), "name": self.person.name or self.person.email}


NOTHING: Final = Confirmed()


def check_profile(contractor: Contractor) -> None:
    if missing := contractor.missing_for_sending():
        raise ProfileIncomplete(
            _("Suppliers must see who asks. Complete the contractor's profile first: %(missing)s.")
            % {"missing": ", ".join(missing)},
            missing=missing,
        )


def check_confirmed(
    warnings: Sequence[Mapping[str, Any]], requirements: Mapping[str, Any], confirmed: Confirmed
) -> None:
    """What can harm a supplier, and what is promised to it, is never sent by a machine alone."""
    serious = [each for each in warnings if each["serious"]]
    if waiting := [each for each in serious if each["code"] not in confirmed.codes]:
        codes = ", ".join(sorted({each["code"] for each in waiting}))
        raise WarningsUnconfirmed(
            _(
                "Look at these warnings and change the request, or send it with a key of a person"
                " and with their codes in confirmed_warnings: %(codes)s."
            )
            % {"codes": codes},
            warnings=waiting,
        )
    if confirmed.person is None and (serious or _said_by_a_person(requirements)):
        raise PersonNeeded(
            _(
                "A person must stand for promises, for what follows if it is not met, and for"
                " serious warnings. Use a key bound to one."
            )
        )


def _said_by_a_person(requirements: Mapping[str, Any]) -> bool:
    return bool(requirements.get("promises") or requirements.get("effect_if_not_met"))


def profile_for(questionnaire: Questionnaire) -> Questionnaire | None:
    if not questionnaire.key.startswith("ipa-"):
        return None
    return Questionnaire.objects.official().published().newest(PROFILE)


def take_numbers(contractor: Contractor, count: int) -> range:
    """So many numbers of requests; whoever comes next waits for our commit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO assessments_series AS mine (contractor_id, last) VALUES (%s, %s)"
            " ON CONFLICT (contractor_id) DO UPDATE SET last = mine.last + excluded.last"
            " RETURNING last",
            [contractor.pk, count],
        )
        [[last]] = cursor.fetchall()
    return range(last - count + 1, last + 1)
