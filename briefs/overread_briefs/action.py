"""What an agent wants to do: the one thing a decision is about."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from overread_briefs.editable import Editable
from overread_briefs.fields import Identifier, Parameters, Part, Sensitivity

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
    sensitive: dict[Identifier, Sensitivity] = Field(default_factory=dict)
    """Classes of single parameters. Confidential and restricted values are masked for people, and
    reach whoever executes the action as they are."""
    reversibility: Reversibility = "irreversible"
    """`compensable` means another action can make up for it. Unsaid counts as irreversible."""
    target: Identifier | None = None
    """What is acted on, such as an order number: short enough to be typed as a confirmation."""
    editable: Editable | None = None
    """The parameters a reviewer may change, as a small JSON Schema."""
    compensation: Compensation | None = None
    """How this action would be taken back."""

    @model_validator(mode="after")
    def _classes_what_is_there(self) -> Self:
        strange = sorted(self.sensitive.keys() - self.parameters.keys())
        if strange:
            named = ", ".join(map(repr, strange))
            raise ValueError(f"`sensitive` names {named}: use names of `parameters`.")
        return self
