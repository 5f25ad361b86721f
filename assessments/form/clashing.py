"""Two people changed the same: both versions side by side, and the reader decides."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assessments.answering import Conflict
from assessments.form.questions import Clash, shown
from questionnaires import explaining
from questionnaires.content import Content


def of(content: Content, conflict: Conflict) -> Clash:
    item, stored, given = content.item(conflict.number), conflict.stored, conflict.given
    return Clash(
        sentence=_("%(subject)s was changed to “%(label)s” at %(time)s. Choose which one to keep")
        % {
            "subject": explaining.subject(content, item),
            "label": shown(item, stored.value) or _("no answer yet"),
            "time": moment(stored.answered_at),
        },
        stored=shown(item, stored.value) or _("no answer yet"),
        stored_comment=stored.comment,
        stored_version=stored.version,
        given=shown(item, given.value) or _("no answer yet"),
        given_comment=given.comment,
    )


def moment(when: datetime) -> str:
    """The time of day in Japan, with the day unless it is today."""
    there = timezone.localtime(when)
    if there.date() == timezone.localdate():
        return date_format(there, _("H:i"))
    return date_format(there, _("F j, H:i"))
