"""What of a brief stays hidden until a reviewer asks for it, wherever a reviewer could see it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

from pydantic import JsonValue

from overread_briefs import Action, Brief, Evidence, Option, Trigger, is_masked, mask
from overread_briefs.fields import Parameters, Sensitivity
from overread_briefs.sensitivity import stricter
from overread_queue.errors import InvalidRequest
from overread_queue.models import Draft
from overread_queue.policy.model import Policy
from overread_queue.store.rows import ReviewRow

Classes = Mapping[str, Sensitivity]
"""Of single parameters, by name."""

_PARAMETER = "parameter:"
"""Before a parameter among what a review unmasked; no id of evidence has a colon."""


def classes_of(policy: Policy, action_type: str, said: Classes) -> dict[str, Sensitivity]:
    """Masked classes alone: the stricter of what the policy and the agent say."""
    rule = policy.actions.get(action_type)
    found = stricter(rule.sensitive if rule else {}, said)
    return {name: one for name, one in found.items() if is_masked(one)}


def still_hidden(classes: Classes, review: ReviewRow) -> dict[str, Sensitivity]:
    """Those that this look has not unmasked."""
    shown = set(json.loads(review.unmasked))
    return {name: one for name, one in classes.items() if _PARAMETER + name not in shown}


def unmasking(review: ReviewRow, name: str) -> ReviewRow:
    """The same look, with a parameter unmasked."""
    shown = {*json.loads(review.unmasked), _PARAMETER + name}
    return replace(review, unmasked=json.dumps(sorted(shown)))


def check_unmasked(changes: Parameters, hidden: Classes) -> None:
    """Raises `InvalidRequest` for a change to what the reviewer has not seen."""
    unseen = [f"{name} ({one})" for name, one in hidden.items() if name in changes]
    if unseen:
        raise InvalidRequest(f"unmask {', '.join(unseen)} before changing it")


def masked_values(parameters: Parameters, hidden: Classes) -> Parameters:
    return {
        name: mask("", hidden[name]) if name in hidden else value
        for name, value in parameters.items()
    }


def masked_action(action: Action, hidden: Classes) -> Action:
    """Without a target that tells a hidden value, and without those of its compensation."""
    taken_back = action.compensation and action.compensation.model_copy(
        update={"parameters": masked_values(action.compensation.parameters, hidden)}
    )
    values = [value for name, value in action.parameters.items() if name in hidden]
    tells = action.target and any(_tells(action.target, value) for value in values)
    return action.model_copy(
        update={
            "parameters": masked_values(action.parameters, hidden),
            "compensation": taken_back,
            "target": None if tells else action.target,
        }
    )


def masked_option(option: Option, hidden: Classes) -> Option:
    if option.patch is None:
        return option
    return option.model_copy(update={"patch": masked_values(option.patch, hidden)})


def masked_trigger(trigger: Trigger, hidden: Classes) -> Trigger:
    """The threshold goes as well: `iban = …` would tell the value."""
    if trigger.signal is None or trigger.signal not in hidden:
        return trigger
    said = mask("", hidden[trigger.signal])
    return trigger.model_copy(update={"observed": said, "comparison": None, "threshold": None})


def masked_brief(brief: Brief, hidden: Classes) -> Brief:
    """What is sensitive masked, and no recommendation: that is shown in its own place."""
    return brief.model_copy(
        update={
            "evidence": tuple(map(_masked_evidence, brief.evidence)),
            "triggers": tuple(masked_trigger(one, hidden) for one in brief.triggers),
            "options": tuple(masked_option(one, hidden) for one in brief.options),
            "action": masked_action(brief.action, hidden),
            "recommendation": None,
        }
    )


def masked_draft(draft: Draft | None, hidden: Classes) -> Draft | None:
    """Without what was entered for a value that is hidden again."""
    if draft is None or not draft.parameters:
        return draft
    kept = {name: value for name, value in draft.parameters.items() if name not in hidden}
    return replace(draft, parameters=kept or None)


def _masked_evidence(item: Evidence) -> Evidence:
    if item.content is None or not is_masked(item.sensitivity):
        return item
    return item.model_copy(update={"content": mask(item.content, item.sensitivity)})


def _tells(target: str, value: JsonValue) -> bool:
    """Whether one of the two holds the other."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return target in text or (text != "" and text in target)
