"""What errors and reviews of one type of action cost: what `policy calibrate` reckons with."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from overread_briefs.fields import Part

Amount = Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False)]


class Costs(Part):
    """In one currency of the desk's choosing. They decide nothing: no tier depends on them."""

    loss: Annotated[float, Field(gt=0, le=1e12, allow_inf_nan=False)]
    """If the action is wrong and done all the same."""
    minute: Amount
    """Of a reviewer, with what waiting costs meanwhile."""
    override: Amount = 0
    """Of stopping what was right."""
    harm: Annotated[float, Field(gt=0, lt=1)] = 0.01
    """Most of what runs by itself that may be harmful: nothing is loosened above it."""
