"""One asking and what belongs to it: the letters, the way in, the answers, what was handed in."""

from assessments.models.answers import Answer as Answer
from assessments.models.answers import AnswerEvidence as AnswerEvidence
from assessments.models.answers import AnswerReading as AnswerReading
from assessments.models.answers import Submission as Submission
from assessments.models.assessment import LIVING as LIVING
from assessments.models.assessment import MOVES as MOVES
from assessments.models.assessment import OPEN as OPEN
from assessments.models.assessment import SENT as SENT
from assessments.models.assessment import Assessment as Assessment
from assessments.models.assessment import DeclineReason as DeclineReason
from assessments.models.assessment import Series as Series
from assessments.models.assessment import Status as Status
from assessments.models.clarification import Clarification as Clarification
from assessments.models.consultation import Consultation as Consultation
from assessments.models.consultation import Message as Message
from assessments.models.consultation import Side as Side
from assessments.models.entry import Entry as Entry
from assessments.models.entry import Link as Link
from assessments.models.hold import Hold as Hold
from assessments.models.mail import Mail as Mail
from assessments.models.mail import Occasion as Occasion
from assessments.models.notice import Notice as Notice
from assessments.models.proposal import MOST_YEN as MOST_YEN
from assessments.models.proposal import Proposal as Proposal
from assessments.models.tally import Tally as Tally
