"""What a person of the contractor may do, by the role; every action of the API names its roles.

`admin` keeps people, keys, webhooks and the profile; `security` judges answers and proof; `buyer`
asks, talks, sees status and level; `viewer` sees counts. Single answers and files are opened by
each request (`answers_seen_by`), not by these sets.
"""

from typing import Final

from django.db import models


class Role(models.TextChoices):
    ADMIN = "admin"
    SECURITY = "security"
    BUYER = "buyer"
    VIEWER = "viewer"


Roles = frozenset[Role]
ADMINS: Final[Roles] = frozenset({Role.ADMIN})
DECIDERS: Final[Roles] = ADMINS | {Role.SECURITY}
ASKERS: Final[Roles] = DECIDERS | {Role.BUYER}
EVERYBODY: Final[Roles] = ASKERS | {Role.VIEWER}
READERS: Final[Roles] = DECIDERS  # of answers, where a request names nobody
