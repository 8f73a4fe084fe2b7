"""What a REST route says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Query = Mapping[str, str]
"""What is asked, or the headers of the question."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A body and what goes with it; a text is sent as it is, anything else as JSON."""

    body: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"
