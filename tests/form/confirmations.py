"""Somebody is asked to confirm, is written to, and what may come between."""

import re

from django.utils import timezone

from assessments import asking, confirming, handing_over
from assessments.handing_over import Successor
from assessments.submitting import Responsible
from contractors.actors import SYSTEM

ICHIRO = {"name": "山田一郎", "title": "社長", "email": "ichiro@yamada.example"}
PERSON = Responsible(**ICHIRO)


def link_in(letter):
    return "/c/" + re.search(r"/c/(\S+)", letter.body).group(1)


def at(assessment, name=""):
    return f"/f/{assessment.public_id}/{name}"


def ask(assessment):
    return confirming.ask(assessment, PERSON, now=timezone.now())


def take_back(asked):
    confirming.take_back(asked, now=timezone.now())


def cancel(asked):
    asking.cancel(asked.assessment, reason="", actor=SYSTEM, now=timezone.now())


def hand_over(asked):
    successor = Successor("鈴木花子", "hanako@yamada.example")
    handing_over.hand_over(asked.assessment, successor, now=timezone.now())


ENDS = [take_back, cancel, hand_over]
