"""Logs are one JSON object a line on stderr, without any mail address, link or key.

Imported by the settings, so it must not import anything that needs them.
"""

import logging
import re
import sys
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any, Final

import structlog
from structlog.processors import JSONRenderer, TimeStamper
from structlog.stdlib import LoggerFactory, ProcessorFormatter, add_log_level, add_logger_name
from structlog.typing import EventDict

from events.tracing import request_id

SECRETS: Final = (
    (re.compile(r"[^\s@<>()\[\]\"',:;=/]+@[^\s@<>()\[\]\"',:;=/]+"), "[mail]"),
    (re.compile(r"/r/[^\s/?#\"']+"), "/r/[link]"),
    (re.compile(r"/c/[^\s/?#\"']+"), "/c/[link]"),
    (re.compile(r"/q/[^\s/?#\"']+"), "/q/[link]"),
    (re.compile(r"/o/[^\s/?#\"']+"), "/o/[link]"),
    (re.compile(r"\btsk_[\w-]+"), "[key]"),
    (re.compile(r"\bwhsec_[\w+/=-]+"), "[secret]"),
)
FRAMES: Final = 30  # innermost frames of a stack that are logged


def shorten(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Frameworks put paths and the texts of errors into their messages: keep what has none."""
    arguments = event.pop("positional_args", ())
    name = str(event.get("logger", ""))
    if name.startswith(("django.request", "django.security")) and arguments:
        event["event"] = str(arguments[0])  # the reason; what follows is the path
        event["status"] = getattr(event["_record"], "status_code", None)
    elif name == "celery.app.trace" and isinstance(arguments, Mapping) and "exc" in arguments:
        event["event"] = f"Task {arguments.get('name')} {arguments.get('description', 'failed')}"
    return event


def trace(_logger: Any, _method: str, event: EventDict) -> EventDict:
    if known := request_id.get():
        event["request_id"] = known
    return event


def explain_error(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """An error is told by type and stack; its text and its values may hold answers."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    if isinstance(info, BaseException):
        info = (type(info), info, info.__traceback__)
    if isinstance(info, tuple) and info[1] is not None:
        event["errors"] = [_told(error, stack) for error, stack in _chain(info[1], info[2])]
    return event


def redact(_logger: Any, _method: str, event: EventDict) -> EventDict:
    return {name: _redacted(value) for name, value in event.items()}


def _chain(
    error: BaseException, stack: TracebackType | None
) -> Iterator[tuple[BaseException, TracebackType | None]]:
    seen: set[int] = set()
    found: BaseException | None = error
    while found is not None and id(found) not in seen:
        seen.add(id(found))
        yield found, stack
        found = found.__cause__ or (None if found.__suppress_context__ else found.__context__)
        stack = found.__traceback__ if found else None


def _told(error: BaseException, stack: TracebackType | None) -> dict[str, Any]:
    kind = type(error)
    told: dict[str, Any] = {"type": f"{kind.__module__}.{kind.__qualname__}"}
    if diagnosis := getattr(error, "diag", None):  # PostgreSQL names what was broken
        told["sqlstate"] = diagnosis.sqlstate
        told["constraint"] = diagnosis.constraint_name
    return told | {"stack": list(_frames(stack))[-FRAMES:]}


def _frames(stack: TracebackType | None) -> Iterator[str]:
    while stack is not None:
        code = stack.tb_frame.f_code
        yield f"{code.co_filename}:{stack.tb_lineno} {code.co_name}"
        stack = stack.tb_next


def _redacted(value: Any) -> Any:
    if isinstance(value, str):
        for pattern, instead in SECRETS:
            value = pattern.sub(instead, value)
        return value
    if isinstance(value, dict):
        return {name: _redacted(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_redacted(inner) for inner in value]
    return value


LOGGING: Final = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": ProcessorFormatter,
            "pass_foreign_args": True,
            "foreign_pre_chain": [add_log_level, add_logger_name, shorten],
            "processors": [
                trace,
                explain_error,
                TimeStamper(fmt="iso", key="at"),
                ProcessorFormatter.remove_processors_meta,
                redact,
                JSONRenderer(),  # ASCII only, so that no character can break or turn a line
            ],
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO"},
        "django.request": {"level": "ERROR"},  # our own line tells every refusal
        "django.server": {"handlers": [], "level": "ERROR", "propagate": True},
        "gunicorn.error": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
    },
}

structlog.configure(
    processors=[add_log_level, add_logger_name, ProcessorFormatter.wrap_for_formatter],
    wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    logger_factory=LoggerFactory(),
    cache_logger_on_first_use=True,
)
