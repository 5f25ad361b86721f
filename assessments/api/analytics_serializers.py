"""What own suppliers' answers come to, on the wire. Percentages are numbers with one decimal."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from assessments.analysing.measuring import COLUMNS, ROWS
from assessments.models import Assessment, Campaign
from contractors.api.scoping import OwnRowField, Strict
from contractors.api.showing import TextOut
from ratings.api.survey_serializers import FigureOut, SurveyOut
from ratings.survey import KINDS
from suppliers.models import INDUSTRIES, SizeClass, Supplier


class Counted(serializers.ChoiceField):
    """A name of what can be counted; of another one the refusal says which those are."""

    def fail(self, key: str, **kwargs: Any) -> Any:
        told = _("“%(name)s” cannot be counted here. Choose one of: %(known)s.")
        names = {"name": kwargs.get("input", ""), "known": ", ".join(self.choices)}
        raise ValidationError(told % names, code="not-counted")


class PortfolioQuery(Strict):
    """Filters; all of them together. With `campaign` only its requests are counted."""

    industry = serializers.ChoiceField(INDUSTRIES, required=False)
    size_class = serializers.ChoiceField(SizeClass.choices, required=False)
    tag = serializers.CharField(max_length=50, required=False)
    campaign = OwnRowField(Campaign.objects.all(), required=False)


class CrosstabQuery(Strict):
    rows = Counted(list(ROWS), default="score_band")
    columns = Counted(list(COLUMNS), default="incident")


class BenchmarkQuery(Strict):
    """`supplier` or `assessment` need `answers:read`: its own answers stand beside the figures."""

    item = serializers.IntegerField(min_value=1, max_value=25, required=False)
    kind = Counted(list(KINDS), required=False)
    supplier = OwnRowField(Supplier.objects.all(), required=False)
    assessment = OwnRowField(Assessment.objects.all(), required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "supplier" in attrs and "assessment" in attrs:
            problem = _("Give either a supplier or one of its requests.")
            raise ValidationError({"assessment": problem}, code="one-of-two")
        return attrs


class BandOut(serializers.Serializer[Any]):
    band = serializers.CharField()
    n = serializers.IntegerField()
    percent = serializers.FloatField(allow_null=True)
    survey = FigureOut(allow_null=True, help_text="for SMEs above the small firms only")


class WeakItemOut(serializers.Serializer[Any]):
    """`percent` of `n` suppliers have not done the item or do not know."""

    number = serializers.IntegerField()
    topic = TextOut()
    n = serializers.IntegerField()
    not_done = serializers.IntegerField()
    unknown = serializers.IntegerField()
    percent = serializers.FloatField()
    survey = FigureOut(allow_null=True, help_text="share that did it at least partly")


class GroupOut(serializers.Serializer[Any]):
    group = serializers.CharField(allow_null=True)
    n = serializers.IntegerField()
    weakest = WeakItemOut(many=True, allow_null=True, help_text="null where few would be told of")


class ItemsOut(serializers.Serializer[Any]):
    all = WeakItemOut(
        many=True, allow_null=True, help_text="the weakest first; null below 5 suppliers"
    )
    by_industry = GroupOut(many=True)
    by_size_class = GroupOut(many=True)


class HeldOut(serializers.Serializer[Any]):
    """Suppliers by scheme: `held` is valid today, and each status as it holds today."""

    scheme = serializers.CharField()
    held = serializers.IntegerField()
    declared = serializers.IntegerField()
    verified = serializers.IntegerField()
    renewal_pending = serializers.IntegerField()
    rejected = serializers.IntegerField()
    expired = serializers.IntegerField()
    withdrawn = serializers.IntegerField()


class StagesOut(serializers.Serializer[Any]):
    """Requests by how far they came; `cancelled` ones count nowhere else."""

    asked = serializers.IntegerField()
    invited = serializers.IntegerField()
    started = serializers.IntegerField()
    submitted = serializers.IntegerField()
    accepted = serializers.IntegerField()
    returned = serializers.IntegerField()
    declined = serializers.IntegerField()
    expired = serializers.IntegerField()
    overdue = serializers.IntegerField()
    cancelled = serializers.IntegerField()


class FunnelOut(StagesOut):
    since = serializers.DateField()


class MonthOut(StagesOut):
    """Requests made in a month in Japan, and what was handed in during it."""

    month = serializers.CharField(help_text="2026-11")
    handed_in = serializers.IntegerField()
    mean_score = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True)


class ChoiceOut(serializers.Serializer[Any]):
    choice = serializers.CharField(help_text="yen a year")
    n = serializers.IntegerField(allow_null=True)
    percent = serializers.FloatField(allow_null=True)
    suppressed = serializers.BooleanField()


class AmountsOut(serializers.Serializer[Any]):
    """The first `n` suppliers that told; they are counted in tens."""

    n = serializers.IntegerField()
    choices = ChoiceOut(many=True)


class PortfolioOut(serializers.Serializer[Any]):
    as_of = serializers.DateField()
    suppliers = serializers.IntegerField()
    answered = serializers.IntegerField(help_text="suppliers that handed in a self-diagnosis")
    grades = serializers.DictField(child=serializers.IntegerField())
    levels = serializers.DictField(child=serializers.IntegerField())
    bands = BandOut(many=True)
    items = ItemsOut()
    certifications = HeldOut(many=True)
    funnel = FunnelOut()
    trend = MonthOut(many=True)
    spending = AmountsOut(allow_null=True, help_text="null where a filter is given")
    damage = AmountsOut(allow_null=True, help_text="null where a filter is given")


class CellOut(serializers.Serializer[Any]):
    """`n` of `of` suppliers; all null where few would be told of."""

    column = serializers.CharField()
    n = serializers.IntegerField(allow_null=True)
    of = serializers.IntegerField(allow_null=True)
    percent = serializers.FloatField(allow_null=True)
    suppressed = serializers.BooleanField()


class RowOut(serializers.Serializer[Any]):
    row = serializers.CharField()
    cells = CellOut(many=True)


class BesideOut(serializers.Serializer[Any]):
    row = serializers.CharField(allow_null=True, help_text="null: beside the total")
    column = serializers.CharField()
    figure = FigureOut()


class CrosstabOut(serializers.Serializer[Any]):
    rows = serializers.CharField()
    columns = serializers.CharField()
    as_of = serializers.DateField()
    suppliers = serializers.IntegerField()
    note = TextOut()
    least = serializers.IntegerField(help_text="fewer suppliers are not shown")
    results = RowOut(many=True)
    total = CellOut(many=True)
    survey = BesideOut(many=True)


class ShareOut(serializers.Serializer[Any]):
    n = serializers.IntegerField()
    of = serializers.IntegerField()
    percent = serializers.FloatField()


class OwnBandOut(serializers.Serializer[Any]):
    band = serializers.CharField()
    total = serializers.IntegerField()
    survey = FigureOut(allow_null=True)


class OwnItemOut(serializers.Serializer[Any]):
    """`begun`: done at least partly, as the shares beside it count."""

    number = serializers.IntegerField()
    value = serializers.CharField()
    begun = serializers.BooleanField()
    survey = FigureOut(allow_null=True)
    own_class = ShareOut(allow_null=True, help_text="own suppliers of its size, from 10")
    others = ShareOut(allow_null=True, help_text="own suppliers of other sizes, from 100")


class OwnOut(serializers.Serializer[Any]):
    supplier = serializers.UUIDField()
    assessment = serializers.UUIDField()
    submission = serializers.UUIDField()
    size_class = serializers.CharField(allow_null=True)
    band = OwnBandOut(allow_null=True)
    items = OwnItemOut(many=True)


class BenchmarksOut(serializers.Serializer[Any]):
    survey = SurveyOut()
    figures = FigureOut(many=True)
    own = OwnOut(allow_null=True, help_text="null where nobody is named, or nothing was handed in")
