"""What an agent wants to do: the one thing a decision is about."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from overread_briefs.editable import Editable
from overread_briefs.fields import Identifier, Parameters, Part

Reversibility = Literal["reversible", "compensable", "irreversible"]


class Compensation(Part):
    """The action that takes another one back."""

    type: Identifier
    parameters: Parameters = Field(default_factory=dict)


class Action(Part):
    """A proposed action. Its digest covers `type` and `parameters` and nothing else."""

    type: Identifier
    """Dotted name that the policy knows, such as `payments.refund`."""
    parameters: Parameters = Field(default_factory=dict)
    """Exactly what would be executed."""
    reversibility: Reversibility = "irreversible"
    """`compensable` means another action can make up for it. Unsaid counts as irreversible."""
    target: Identifier | None = None
    """What is acted on, such as an order number: short enough to be typed as a confirmation."""
    editable: Editable | None = None
    """The parameters a reviewer may change, as a small JSON Schema."""
    compensation: Compensation | None = None
    """How this action would be taken back."""
