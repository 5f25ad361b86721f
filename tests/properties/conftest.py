from typing import Any

from tests.properties.summary import tell


def pytest_terminal_summary(terminalreporter: Any) -> None:
    tell(terminalreporter, "tests/properties")
