from datetime import timedelta
from typing import Final

from django.db import models

from contractors.ids import new_id
from events.owed import Owed

COMBINED: Final = "combined"  # the outcome of a letter whose matter went into another


class OwedLetter(Owed):
    """What is owed by mail. All attempts share `message_id`.

    `uncertainties` counts how often the connection was lost before the server answered for a
    letter that was handed over: such a letter is sent once more and never a third time.
    """

    PAUSES = (
        timedelta(minutes=1),
        timedelta(minutes=5),
        timedelta(minutes=15),
        timedelta(hours=1),
        timedelta(hours=4),
    )

    message_id = models.UUIDField(default=new_id, unique=True, editable=False)
    uncertainties = models.PositiveSmallIntegerField(default=0, db_default=0)

    class Meta(Owed.Meta):
        abstract = True
