"""What callers send is read strictly: nothing is ignored, nothing is guessed."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final, cast

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from contractors import odd
from contractors.api.pointing import Path, nested
from contractors.api.problems import UnknownParameter
from contractors.models import OwnedQuerySet
from contractors.odd import is_odd as is_odd

ODD_TEXT: Final = gettext_lazy(odd.TEXT)


class OwnRowField(serializers.SlugRelatedField[Any]):
    """The public id of a row of the caller's own; another tenant's id does not exist."""

    def __init__(self, queryset: OwnedQuerySet[Any], **options: Any) -> None:
        super().__init__(slug_field="public_id", queryset=queryset, **options)

    def get_queryset(self) -> OwnedQuerySet[Any]:
        rows = super().get_queryset()
        assert isinstance(rows, OwnedQuerySet)
        return rows.of(self.context["view"].contractor)

    def to_internal_value(self, data: Any) -> Any:
        return super().to_internal_value(serializers.UUIDField().run_validation(data))


class Lines(serializers.CharField):
    """Text of several lines; any other text is one line. Ends of lines become `\\n`."""

    def to_internal_value(self, data: Any) -> str:
        return re.sub(r"\r\n?", "\n", super().to_internal_value(data))


class Clearable(serializers.CharField):
    """Optional text, kept as `""` when absent: null clears it (RFC 7396)."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, allow_blank=True, allow_null=True, **options)

    def run_validation(self, data: Any = serializers.empty) -> str:
        value: str | None = super().run_validation(data)
        return "" if value is None else value


class Strict(serializers.Serializer[Any]):
    """Input in which unknown and read-only fields are errors, and so are control characters.

    With `partial=True` it is a merge patch: absent fields stay, arrays are replaced as wholes.
    """

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        fields = super().get_fields()
        for field in fields.values():
            _refuse_what_is_odd(field)
        return fields

    def to_internal_value(self, data: Any) -> Any:
        refused = dict(self._refused(data)) if isinstance(data, Mapping) else {}
        if refused:  # what is refused here must not reach a field that would ask the database
            data = {name: value for name, value in data.items() if name not in refused}
        try:
            value = super().to_internal_value(data)
        except ValidationError as error:
            found = cast(dict[str, Any], error.detail)  # of a serializer it is always by field
            raise ValidationError(found | refused) from error
        if refused:
            raise ValidationError(refused)
        return value

    def _refused(self, data: Mapping[str, Any]) -> Iterator[tuple[str, list[ErrorDetail]]]:
        for name, value in data.items():
            field = self.fields.get(name)
            if field is None:
                yield name, [ErrorDetail(_("This field is not known here."), "unknown-field")]
            elif field.read_only:
                yield name, [ErrorDetail(_("This field cannot be written."), "read-only")]
            elif isinstance(value, str) and is_odd(value) and not _looks_itself(field):
                yield name, [ErrorDetail(str(ODD_TEXT), odd.CODE)]
        if isinstance(self.parent, serializers.ListSerializer):  # replaced whole, even by a PATCH
            for name, field in self.fields.items():
                if field.required and name not in data:
                    yield name, [ErrorDetail(str(field.error_messages["required"]), "required")]


def parameters(query: QueryDict, readers: Sequence[Strict]) -> dict[str, Any]:
    """The query's values as the readers' fields understand them; together they know all names."""
    known = {name: field for reader in readers for name, field in reader.fields.items()}
    if unknown := [name for name in query if name not in known]:
        raise UnknownParameter(unknown, sorted(known))
    plain, errors = _single(query, known)
    values: dict[str, Any] = {}
    for reader in readers:
        own = {name: value for name, value in plain.items() if name in reader.fields}
        bound = type(reader)(data=own, context=reader.context)
        if not bound.is_valid():
            errors |= bound.errors
        elif isinstance(bound.validated_data, dict):
            values |= bound.validated_data
    if errors:
        raise ValidationError(errors)
    return values


def _single(query: QueryDict, known: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Values by name; a name that stands twice without being a list is an error."""
    plain: dict[str, Any] = {}
    errors: dict[str, Any] = {}
    for name, values in query.lists():
        if isinstance(known[name], serializers.ListField):
            plain[name] = values
        elif len(values) == 1:
            plain[name] = values[0]
        else:
            errors[name] = [ErrorDetail(_("This parameter may stand only once."), "repeated")]
    return plain, errors


def _looks_itself(field: Any) -> bool:
    """Whether the field has a validator for odd text: it trims first, or takes several lines."""
    return isinstance(field, serializers.CharField | serializers.JSONField)


def _refuse_what_is_odd(field: Any) -> None:
    if isinstance(field, Lines):
        field.validators.append(_without(odd.IN_LINES))
    elif isinstance(field, serializers.CharField):
        field.validators.append(_without(odd.IN_LINE))
    elif isinstance(field, serializers.ListField):
        _refuse_what_is_odd(field.child)
    elif isinstance(field, serializers.DateField):
        field.validators.append(_in_this_time)
    elif isinstance(field, serializers.JSONField | serializers.DictField):
        field.validators.append(_no_odd_text_inside)


def _in_this_time(day: date) -> None:
    """What is counted from another would leave the calendar."""
    if day.year not in odd.YEARS:
        raise ValidationError(
            _("Give a day from 1950 to 2099, with four digits, like 2026-03-31."),
            code="out-of-range",
        )


def _without(signs: re.Pattern[str]) -> Callable[[str], None]:
    def check(text: str) -> None:
        if signs.search(text):
            raise ValidationError(ODD_TEXT, odd.CODE)

    return check


def _no_odd_text_inside(value: Any) -> None:
    refusal = ErrorDetail(str(ODD_TEXT), odd.CODE)
    places = list(_odd_places(value))
    if () in places:  # the value itself is text
        raise ValidationError([refusal])
    if places:
        raise ValidationError(nested((place, refusal) for place in places))


def _odd_places(value: Any, path: Path = ()) -> Iterator[Path]:
    """Places of odd text in a JSON value, which is at most as deep as the parser lets through."""
    if isinstance(value, str) and odd.IN_LINES.search(value):
        yield path
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            if is_odd(str(name)):
                yield (*path, str(name))
            else:
                yield from _odd_places(inner, (*path, str(name)))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _odd_places(inner, (*path, place))
