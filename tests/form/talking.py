"""What both sides say in the tests of the pages of talks."""

from datetime import date

from assessments.models import Side
from assessments.speaking import Terms, Voice
from contractors.actors import Actor
from events.models import Event

PERSON = Voice(Side.CONTRACTOR, Actor("user", "2"))
OFFER = Terms("入退室を記録します。", "shared", 300_000, 50, date(2027, 4, 1), "")
WORDS = "費用の見込みが立ちません。\r\n<b>ご相談</b> & 'お願い'"


def said(kind="consultation.replied"):
    return Event.objects.filter(kind=kind).count()
