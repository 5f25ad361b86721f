"""Where a certificate can be looked up in public: data beside this module."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml


@dataclass(frozen=True)
class Registry:
    """`name` by language."""

    name: dict[str, str]
    url: str


REGISTRIES: Final = {  # by scheme
    scheme: Registry(**entry)
    for scheme, entry in yaml.safe_load(
        (Path(__file__).parent / "registries.yaml").read_text(encoding="utf-8")
    ).items()
}
