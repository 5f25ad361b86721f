"""The smallest valid row of each kind; all of one tree belong to one contractor."""

import base64
import datetime
import itertools

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from assessments.models import (
    Answer,
    Assessment,
    Campaign,
    CampaignSupplier,
    Consultation,
    Delegation,
    Entry,
    Hold,
    Message,
    Proposal,
    Status,
)
from contractors.actors import SYSTEM
from contractors.models import Contractor, User
from contractors.roles import Role
from events import sealing
from events.models import Endpoint, Operation
from questionnaires.models import Questionnaire
from suppliers.models import Certification, Contact, Evidence, State, Supplier

SAME_CONTRACTOR = factory.SelfAttribute("..contractor")
SECRET = "whsec_" + base64.b64encode(b"a secret of thirty-two bytes....").decode()
NUMBERS = itertools.count(1)
AFTER_SUBMIT = {Status.SUBMITTED, Status.RETURNED, Status.ACCEPTED}
AFTER_START = AFTER_SUBMIT | {Status.STARTED}


class ContractorFactory(DjangoModelFactory[Contractor]):
    """Complete enough to send. Its people decide: what a test hands in waits for them.

    Tests of the rule say `accepts_by_rule=True`, which is what a contractor has by default.
    """

    class Meta:
        model = Contractor

    name = factory.Sequence(lambda n: f"みなと精機{n}")
    person = "佐藤花子"
    phone = "03-1234-5678"
    reply_to = "sato@minato.example"
    accepts_by_rule = False


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    contractor = factory.SubFactory(ContractorFactory)
    email = factory.Sequence(lambda n: f"user{n}@minato.example")
    role = Role.ADMIN


class SupplierFactory(DjangoModelFactory[Supplier]):
    class Meta:
        model = Supplier

    contractor = factory.SubFactory(ContractorFactory)
    code = factory.Sequence(lambda n: f"S-{n}")
    name = factory.Sequence(lambda n: f"山田製作所{n}")
    created_at = factory.LazyFunction(timezone.now)
    updated_at = factory.SelfAttribute("created_at")


class ContactFactory(DjangoModelFactory[Contact]):
    class Meta:
        model = Contact

    contractor = factory.SubFactory(ContractorFactory)
    supplier = factory.SubFactory(SupplierFactory, contractor=SAME_CONTRACTOR)
    name = "山田太郎"
    email = factory.Sequence(lambda n: f"yamada@supplier{n}.example")


class CertificationFactory(DjangoModelFactory[Certification]):
    """A Privacy Mark that was declared, without an end unless one is given."""

    class Meta:
        model = Certification

    contractor = factory.SubFactory(ContractorFactory)
    supplier = factory.SubFactory(SupplierFactory, contractor=SAME_CONTRACTOR)
    scheme = "pmark"
    number = "10123456(05)"
    source = "supplier"
    created_at = factory.LazyFunction(timezone.now)
    updated_at = factory.SelfAttribute("created_at")
    verified_at = factory.Maybe(
        factory.LazyAttribute(lambda row: row.state == State.VERIFIED),
        factory.SelfAttribute("created_at"),
    )
    verified_by = factory.LazyAttribute(
        lambda row: SYSTEM.plain() if row.state == State.VERIFIED else None
    )
    rejection_reason = factory.LazyAttribute(
        lambda row: "番号が違います。" if row.state == State.REJECTED else ""
    )
    state = State.DECLARED


class EvidenceFactory(DjangoModelFactory[Evidence]):
    """A row without its file."""

    class Meta:
        model = Evidence

    contractor = factory.SubFactory(ContractorFactory)
    supplier = factory.SubFactory(SupplierFactory, contractor=SAME_CONTRACTOR)
    name = "登録証.pdf"
    media_type = "application/pdf"
    size = 1000
    digest = "0" * 64
    stored_as = factory.Sequence(lambda n: f"stored-{n}")
    uploaded_at = factory.LazyFunction(timezone.now)
    uploaded_by = factory.LazyFunction(SYSTEM.plain)


class AssessmentFactory(DjangoModelFactory[Assessment]):
    """Invited, with the official questionnaires that stand in every database of the tests."""

    class Meta:
        model = Assessment

    contractor = factory.SubFactory(ContractorFactory)
    contact = factory.SubFactory(ContactFactory, contractor=SAME_CONTRACTOR)
    supplier = factory.SelfAttribute("contact.supplier")
    questionnaire = factory.LazyFunction(lambda: official("ipa-self-diagnosis"))
    profile_questionnaire = factory.LazyFunction(lambda: official("supplier-profile"))
    number = factory.LazyFunction(lambda: next(NUMBERS))
    status = Status.INVITED
    due_on = datetime.date(2030, 1, 31)
    requested_at = factory.LazyFunction(timezone.now)
    invited_at = factory.SelfAttribute("requested_at")
    started_at = factory.Maybe(
        factory.LazyAttribute(lambda row: row.status in AFTER_START),
        factory.SelfAttribute("requested_at"),
    )
    submitted_at = factory.Maybe(
        factory.LazyAttribute(lambda row: row.status in AFTER_SUBMIT),
        factory.SelfAttribute("requested_at"),
    )
    decline_reason = factory.LazyAttribute(
        lambda row: "other" if row.status == Status.DECLINED else ""
    )


class CampaignFactory(DjangoModelFactory[Campaign]):
    """A draft that is to ask as many `suppliers` as are said, each with a contact."""

    class Meta:
        model = Campaign
        skip_postgeneration_save = True

    contractor = factory.SubFactory(ContractorFactory)
    name = "年次の確認"
    questionnaire = factory.LazyFunction(lambda: official("ipa-self-diagnosis"))
    due_on = datetime.date(2030, 1, 31)
    requirements = factory.LazyFunction(lambda: {"reasons": ["system_access"]})
    created_at = factory.LazyFunction(timezone.now)
    updated_at = factory.SelfAttribute("created_at")

    @factory.post_generation
    def suppliers(self, create, count, **options):
        contacts = ContactFactory.build_batch(count or 0, contractor=self.contractor)
        for contact in contacts:
            contact.supplier.contractor = self.contractor
        Supplier.objects.bulk_create(contact.supplier for contact in contacts)
        Contact.objects.bulk_create(contacts)
        CampaignSupplier.objects.bulk_create(
            CampaignSupplier(contractor=self.contractor, campaign=self, supplier=each.supplier)
            for each in contacts
        )


class AnsweredFactory(AssessmentFactory):
    """Started, every item answered and the profile complete: ready to be handed in."""

    class Meta:
        skip_postgeneration_save = True

    status = Status.STARTED
    profile = {"7": "part_time", "8": "山田太郎"}

    @factory.post_generation
    def answers(self, create, value, **kwargs):
        Answer.objects.bulk_create(
            Answer(
                contractor=self.contractor,
                assessment=self,
                number=number,
                value=value or "done",
                answered_at=timezone.now(),
            )
            for number in range(1, 26)
        )


class HoldFactory(DjangoModelFactory[Hold]):
    """A person's decision of long ago, whose supplier was told in time."""

    class Meta:
        model = Hold

    contractor = factory.SubFactory(ContractorFactory)
    supplier = factory.SubFactory(SupplierFactory, contractor=SAME_CONTRACTOR)
    reason = "再発防止の確認が終わるまで見合わせる。"
    from_on = datetime.date(2020, 3, 1)
    until_on = datetime.date(2020, 3, 31)
    told_on = datetime.date(2020, 1, 31)
    decided_at = factory.LazyFunction(timezone.now)
    decided_by = factory.SubFactory(UserFactory, contractor=SAME_CONTRACTOR)


class EndpointFactory(DjangoModelFactory[Endpoint]):
    class Meta:
        model = Endpoint

    contractor = factory.SubFactory(ContractorFactory)
    url = "http://127.0.0.1:9/"
    sealed_secret = factory.LazyFunction(lambda: sealing.seal(SECRET))
    created_at = factory.LazyFunction(timezone.now)


class OperationFactory(DjangoModelFactory[Operation]):
    """An import of one row that waits."""

    class Meta:
        model = Operation

    contractor = factory.SubFactory(ContractorFactory)
    kind = "import.certifications"
    total = 1
    actor = factory.LazyFunction(SYSTEM.plain)
    created_at = factory.LazyFunction(timezone.now)
    due_at = factory.SelfAttribute("created_at")


class ConsultationFactory(DjangoModelFactory[Consultation]):
    """The supplier opened talks, and it is the contractor's turn."""

    class Meta:
        model = Consultation
        skip_postgeneration_save = True

    assessment = factory.SubFactory(AssessmentFactory)
    contractor = factory.SelfAttribute("assessment.contractor")
    kind = "talks"
    topics = ["cost"]
    opened_by = "supplier"
    opened_at = factory.LazyFunction(timezone.now)

    said = factory.RelatedFactory("tests.factories.MessageFactory", "consultation")


class MessageFactory(DjangoModelFactory[Message]):
    """What the supplier says first."""

    class Meta:
        model = Message

    consultation = factory.SubFactory(ConsultationFactory)
    contractor = factory.SelfAttribute("consultation.contractor")
    side = "supplier"
    actor = factory.LazyFunction(SYSTEM.plain)
    text = "費用について相談させてください。"
    sent_at = factory.LazyFunction(timezone.now)


class ProposalFactory(DjangoModelFactory[Proposal]):
    """The contractor would bear the cost of something, if the supplier agrees."""

    class Meta:
        model = Proposal

    consultation = factory.SubFactory(ConsultationFactory)
    contractor = factory.SelfAttribute("consultation.contractor")
    side = "contractor"
    actor = factory.LazyFunction(SYSTEM.plain)
    measure = "入退室を記録します。"
    bearer = "contractor"
    proposed_at = factory.LazyFunction(timezone.now)


class EntryFactory(DjangoModelFactory[Entry]):
    """A browser that is in."""

    class Meta:
        model = Entry

    assessment = factory.SubFactory(AssessmentFactory)
    contractor = factory.SelfAttribute("assessment.contractor")
    opened_at = factory.LazyFunction(timezone.now)
    confirmed_at = factory.SelfAttribute("opened_at")


class DelegationFactory(DjangoModelFactory[Delegation]):
    """A colleague at the same supplier is asked for the answers to questions 3 and 6."""

    class Meta:
        model = Delegation

    assessment = factory.SubFactory(AssessmentFactory)
    contractor = factory.SelfAttribute("assessment.contractor")
    asked_by = factory.SelfAttribute("assessment.contact")
    contact = factory.SubFactory(
        ContactFactory,
        contractor=SAME_CONTRACTOR,
        supplier=factory.SelfAttribute("..assessment.supplier"),
        name="鈴木花子",
    )
    numbers = [3, 6]
    asked_at = factory.LazyFunction(timezone.now)


def official(key):
    return Questionnaire.objects.official().published().newest(key)
