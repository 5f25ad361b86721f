"""One contractor's rows for any route, whatever it is about."""

import io
import re
from datetime import date
from typing import Any

from django.utils import timezone

from assessments import consulting, submitting
from assessments.models import Clarification, Hold, Side, Submission
from assessments.speaking import Voice
from assessments.submitting import Responsible
from contractors import keys
from contractors.actors import SYSTEM
from contractors.models import Contractor, Scope
from events import listening, recording
from events.models import Kind
from events.recording import Happening
from questionnaires import scoring
from questionnaires.models import Questionnaire
from ratings import diagnosing, rating
from retention import requesting
from retention.models import PersonRequest
from suppliers.evidence import storing
from suppliers.models import CertificationStep
from tests.contracts.walking import Route
from tests.factories import (
    AnsweredFactory,
    AssessmentFactory,
    CampaignFactory,
    CertificationFactory,
    ConsultationFactory,
    ContactFactory,
    EndpointFactory,
    EvidenceFactory,
    HoldFactory,
    OperationFactory,
    ProposalFactory,
    SupplierFactory,
    UserFactory,
)


class Rows:
    """Rows of `contractor`, made where a route needs them."""

    def __init__(self, contractor: Contractor) -> None:
        self.contractor = contractor

    def ids(self, route: Route) -> dict[str, Any]:
        """A row behind each id of the route's pattern."""
        parents = self.parents(route)
        subject = re.search(r"/([a-z-]+)/<uuid:public_id>/", route.pattern)
        if subject is None:
            return {name: self._id(name, row) for name, row in parents.items()}
        row = self.make(subject[1], **parents)
        if route.pattern.endswith("/agreement.pdf"):
            self._agree(row)
        below = (
            {"proposal_id": self._proposal(row)} if "<uuid:proposal_id>" in route.pattern else {}
        )
        return {name: self._id(name, parent) for name, parent in parents.items()} | {
            "public_id": row.public_id,
            **below,
        }

    def parents(self, route: Route) -> dict[str, Any]:
        names = re.findall(r"<\w+:(supplier_id|endpoint_id|assessment_id|code)>", route.pattern)
        return {name: self._parent(name) for name in names}

    def fill(self, route: Route, count: int) -> dict[str, Any]:
        """`count` rows for a list; gives back the ids of its address."""
        parents = self.parents(route)
        subject = route.pattern.rstrip("/").rpartition("/")[2]
        if subject == "submissions":
            parents["public_id"] = self._asked()
        if subject == "clarifications":
            parents["public_id"] = self._assessments()
        if subject == "history":
            parents["public_id"] = self._certifications()
        if subject == "standing":
            parents["public_id"] = self._suppliers()
        if "/campaigns/<" in route.pattern:
            parents["public_id"] = self._campaigns()
        for _ in range(count):
            self.make(subject, **parents)
        return {name: self._id(name, row) for name, row in parents.items()}

    def make(self, subject: str, **parents: Any) -> Any:
        return getattr(self, "_" + subject.replace("-", "_"))(**parents)

    def _parent(self, name: str) -> Any:
        if name == "assessment_id":
            return self._talks().assessment
        return self._webhooks() if name == "endpoint_id" else self._suppliers()

    def _id(self, name: str, row: Any) -> Any:
        return row.code if name == "code" else row.public_id

    def _api_keys(self) -> Any:
        now = timezone.now()
        return keys.issue(self.contractor, scopes=[Scope.AUDIT_READ], now=now)[0]

    def _users(self) -> Any:
        return UserFactory.create(contractor=self.contractor)

    def _suppliers(self, public_id: Any = None) -> Any:
        """One of a campaign, where that is what its address names."""
        supplier = SupplierFactory.create(contractor=self.contractor)
        if public_id is not None:
            public_id.members.create(contractor=self.contractor, supplier=supplier)
        return supplier

    def _campaigns(self) -> Any:
        return CampaignFactory.create(contractor=self.contractor, suppliers=1)

    def _ratings(self) -> Any:
        return self._standing(self._suppliers())

    def _standing(self, public_id: Any) -> Any:
        answers = dict.fromkeys(range(1, 26), "done")
        made, _changed = rating.rate(
            public_id,
            answers=answers,
            person=True,
            self_diagnosis=scoring.score(diagnosing.asked(), answers),
            incident_open=False,
            now=timezone.now(),
        )
        return made

    def _contacts(self, supplier_id: Any) -> Any:
        return ContactFactory.create(contractor=self.contractor, supplier=supplier_id)

    def _requests(self) -> Any:
        now = timezone.now()
        return requesting.receive(
            ContactFactory.create(contractor=self.contractor),
            PersonRequest.Kind.CORRECTION,
            "電話番号が違います。",
            received_on=now.date(),
            actor=SYSTEM,
            now=now,
        )

    def _certifications(self, supplier_id: Any = None) -> Any:
        supplier = supplier_id or self._suppliers()
        return CertificationFactory.create(contractor=self.contractor, supplier=supplier)

    def _history(self, public_id: Any) -> Any:
        return CertificationStep.objects.create(
            contractor=self.contractor,
            certification=public_id,
            act=CertificationStep.Act.VERIFIED,
            at=timezone.now(),
            actor=SYSTEM.plain(),
        )

    def _evidence(self, supplier_id: Any) -> Any:
        content = storing.Content(io.BytesIO(b"evidence"), 8, "0" * 64)
        return EvidenceFactory.create(
            contractor=self.contractor,
            supplier=supplier_id,
            size=8,
            stored_as=storing.put(content, now=timezone.now()),
        )

    def _holds(self, supplier_id: Any) -> Any:
        """Over for years, each in a month of its own: those of a supplier do not overlap."""
        month = Hold.objects.filter(supplier=supplier_id).count() + 1
        return HoldFactory.create(
            contractor=self.contractor,
            supplier=supplier_id,
            from_on=date(2020, month, 1),
            until_on=date(2020, month, 20),
            told_on=date(2019, 10, 1),
        )

    def _questionnaires(self) -> Any:
        key = f"own-{Questionnaire.objects.count()}"
        content = Questionnaire.objects.official()[0].content
        return Questionnaire.objects.create(
            contractor=self.contractor,
            key=key,
            version="1",
            title_ja="自社の質問",
            title_en="Our own",
            content=content | {"key": key, "version": "1"},
            digest=f"{key:0>64}",
        )

    def _events(self) -> Any:
        happening = Happening(Kind.CONTRACTOR_UPDATED, self.contractor.public_id)
        return recording.record(self.contractor, [happening], actor=SYSTEM, now=timezone.now())

    def _operations(self) -> Any:
        return OperationFactory.create(contractor=self.contractor)

    def _webhooks(self) -> Any:
        return EndpointFactory.create(contractor=self.contractor)

    def _deliveries(self, endpoint_id: Any) -> Any:
        return listening.test(endpoint_id, now=timezone.now())

    def _asked(self) -> Any:
        return AssessmentFactory.create(contractor=self.contractor)

    def _assessments(self) -> Any:
        """Handed in and rated, so that there is something at each of its addresses."""
        assessment = AnsweredFactory.create(contractor=self.contractor)
        responsible = Responsible(name="山田太郎", title="社長", email="yamada@yamada.example")
        submitting.submit(assessment, responsible=responsible, now=timezone.now())
        return assessment

    def _work_list(self) -> Any:
        """Handed in, and left to a person."""
        return self._assessments()

    def _talks(self) -> Any:
        return ConsultationFactory.create(assessment=self._asked())

    def _consultations(self, assessment_id: Any) -> Any:
        """A question: of these there may be several."""
        return ConsultationFactory.create(assessment=assessment_id, kind="question", topics=[])

    def _proposal(self, thread: Any) -> Any:
        return ProposalFactory.create(consultation=thread, side="supplier").public_id

    def _agree(self, thread: Any) -> None:
        proposal = ProposalFactory.create(consultation=thread, side="supplier")
        voice = Voice(Side.CONTRACTOR, SYSTEM)
        consulting.agree(proposal, voice=voice, now=timezone.now())

    def _clarifications(self, public_id: Any) -> Any:
        return Clarification.objects.create(
            contractor=self.contractor,
            assessment=public_id,
            submission=public_id.submissions.get(),
            number=public_id.clarifications.count() + 1,
            question="どのパソコンが対象ですか。",
            asked_at=timezone.now(),
            asked_by=SYSTEM.plain(),
        )

    def _submissions(self, public_id: Any) -> Any:
        number = public_id.submissions.count() + 1
        return Submission.objects.create(
            contractor=self.contractor,
            assessment=public_id,
            number=number,
            content={},
            digest="0" * 64,
            receipt=f"{public_id.public_id}"[:20] + str(number),
            responsible=public_id.contact,
            submitted_at=timezone.now(),
        )
