"""What has to be written although a connection to the database was ended a moment ago."""

from collections.abc import Callable
from typing import Final, ParamSpec, TypeVar

from django.db import InterfaceError, OperationalError, close_old_connections

P = ParamSpec("P")
T = TypeVar("T")

ENDED: Final = (InterfaceError, OperationalError)  # what is raised over a connection that was ended


def surely(write: Callable[P, T], /, *what: P.args, **how: P.kwargs) -> T:
    """Once more over a new connection. Nobody knows whether it was written: it may be twice."""
    try:
        return write(*what, **how)
    except ENDED:
        close_old_connections()
        return write(*what, **how)
