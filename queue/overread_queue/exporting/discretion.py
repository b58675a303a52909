"""What of a case leaves the desk with its record, and what stays because of its class."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from overread_briefs import Brief, is_masked
from overread_briefs.fields import Sensitivity
from overread_briefs.sensitivity import ORDER
from overread_queue.errors import Tampered
from overread_queue.ground import Ground
from overread_queue.reviewing.masking import classes_of, masked_values


@dataclass(frozen=True)
class Case:
    """One brief as an export tells of it."""

    brief: Brief
    hidden: Mapping[str, Sensitivity]
    """Classes of the parameters that are masked, by name."""
    sensitive: bool
    """Everything may leave."""

    @cached_property
    def sensitivity(self) -> Sensitivity:
        """The strictest class of anything in it."""
        evidence = (one.sensitivity for one in self.brief.evidence)
        return max((self.brief.sensitivity, *evidence, *self.hidden.values()), key=ORDER.index)

    @property
    def question(self) -> str | None:
        """Shown to every reviewer unmasked, so it stays only where the whole brief does."""
        return self.brief.question if self._speaks else None

    @property
    def parameters(self) -> str | None:
        if not self._speaks:
            return None
        hidden = {} if self.sensitive else self.hidden
        return json.dumps(masked_values(self.brief.action.parameters, hidden), sort_keys=True)

    @property
    def may_quote(self) -> bool:
        """A reviewer's words may hold whatever the reviewer unmasked, wherever that stands."""
        return self.sensitive or not is_masked(self.sensitivity)

    @property
    def left_out(self) -> bool:
        """Whether its question or one of its parameters stays."""
        named = self.hidden.keys() & self.brief.action.parameters.keys()
        return not self.sensitive and (not self._speaks or bool(named))

    @property
    def _speaks(self) -> bool:
        return self.sensitive or not is_masked(self.brief.sensitivity)


def case_of(ground: Ground, body: bytes, policy_sha256: str, *, sensitive: bool) -> Case:
    """Raises `Tampered` for a brief that is none."""
    try:
        brief = Brief.model_validate_json(body)
    except ValueError as error:
        raise Tampered("a stored brief is not one; `overread audit verify` finds it") from error
    return Case(brief, _hidden(ground, brief, policy_sha256), sensitive)


def _hidden(ground: Ground, brief: Brief, policy_sha256: str) -> Mapping[str, Sensitivity]:
    """Every parameter where the policy that said which ones is gone."""
    try:
        policy = ground.policy_of(policy_sha256)
    except Tampered:
        return dict.fromkeys(brief.action.parameters, "restricted")
    return classes_of(policy, brief.action.type, brief.action.sensitive)
