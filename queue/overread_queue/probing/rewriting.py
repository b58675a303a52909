"""Changing words and numbers in a brief, everywhere or only where the agent speaks for itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue

from overread_briefs.action import Action
from overread_briefs.brief import Brief, Evidence, Option, Recommendation, Step, Trigger
from overread_briefs.editable import Editable, EditableField


@dataclass(frozen=True, slots=True)
class Swap:
    """What takes the place of what. Whole words and numbers only: 42 is not in 420 or 42.50."""

    words: Mapping[str, str]
    numbers: Mapping[float, float] = field(default_factory=dict)

    def text(self, text: str) -> str:
        if not self.words:
            return text
        longest_first = sorted(self.words, key=len, reverse=True)
        return _whole(longest_first).sub(lambda found: self.words[found[0]], text)

    def value(self, value: JsonValue) -> JsonValue:
        """The same for a parameter, however deep."""
        match value:
            case str():
                return self.text(value)
            case bool() | None:
                return value
            case int() | float():
                return _like(value, self.numbers.get(value, value))
            case list():
                return [self.value(one) for one in value]
            case dict():
                return {key: self.value(one) for key, one in value.items()}

    def optional(self, text: str | None) -> str | None:
        return None if text is None else self.text(text)


def holds(text: str, word: str) -> bool:
    """Whether a word or number stands there whole."""
    return _whole([word]).search(text) is not None


def told_by_agent(brief: Brief, swap: Swap) -> Brief:
    """The brief with everything changed that the agent itself says; what its sources say stays."""
    return brief.model_copy(
        update={
            "accomplished": tuple(_step(one, swap) for one in brief.accomplished),
            "question": swap.text(brief.question),
            "triggers": tuple(_trigger(one, swap) for one in brief.triggers),
            "recommendation": brief.recommendation and _advice(brief.recommendation, swap),
            "options": tuple(_option(one, swap) for one in brief.options),
            "action": _action(brief.action, swap),
            "run": swap.optional(brief.run),
            "signals": {name: swap.numbers.get(n, n) for name, n in brief.signals.items()},
        }
    )


def everywhere(brief: Brief, swap: Swap) -> Brief:
    """The brief with everything changed, the evidence and where the case comes from included."""
    whence = brief.provenance
    history = tuple(one.model_copy(update={"step": swap.text(one.step)}) for one in whence.history)
    source = {"source": swap.text(whence.source), "history": history}
    return told_by_agent(brief, swap).model_copy(
        update={
            "evidence": tuple(_evidence(one, swap) for one in brief.evidence),
            "provenance": whence.model_copy(update=source),
            "tags": tuple(map(swap.text, brief.tags)),
        }
    )


def evidence_text(brief: Brief) -> str:
    """All that the sources say, titles included."""
    return "\n".join(f"{one.title}\n{one.content or ''}" for one in brief.evidence)


def agent_text(brief: Brief) -> str:
    """What the agent says in words for people, other than titles of evidence."""
    advice = brief.recommendation
    said = [brief.question, *(one.text for one in brief.accomplished)]
    said += [text for one in brief.options for text in (one.label, one.consequence)]
    return "\n".join([*said, *((advice.reason, advice.doubt or "") if advice else ())])


def _whole(words: list[str]) -> re.Pattern[str]:
    either = "|".join(map(re.escape, words))
    return re.compile(rf"(?<![A-Za-z0-9])(?<!\d[.,])(?:{either})(?![A-Za-z0-9])(?![.,]\d)")


def _like(old: float, new: float) -> float:
    """A whole number stays one in JSON, and no other becomes one."""
    return int(new) if isinstance(old, int) and float(new).is_integer() else float(new)


def _step(step: Step, swap: Swap) -> Step:
    return step.model_copy(update={"text": swap.text(step.text)})


def _trigger(trigger: Trigger, swap: Swap) -> Trigger:
    seen = {"observed": swap.value(trigger.observed), "threshold": trigger.threshold}
    return trigger.model_copy(update=seen)


def _advice(advice: Recommendation, swap: Swap) -> Recommendation:
    said = {"reason": swap.text(advice.reason), "doubt": swap.optional(advice.doubt)}
    return advice.model_copy(update=said)


def _option(option: Option, swap: Swap) -> Option:
    said: dict[str, JsonValue] = {
        "label": swap.text(option.label),
        "consequence": swap.text(option.consequence),
        "patch": swap.value(option.patch),
    }
    return option.model_copy(update=said)


def _evidence(evidence: Evidence, swap: Swap) -> Evidence:
    said = {"title": swap.text(evidence.title), "content": swap.optional(evidence.content)}
    return evidence.model_copy(update=said)


def _action(action: Action, swap: Swap) -> Action:
    back = action.compensation
    return action.model_copy(
        update={
            "parameters": swap.value(action.parameters),
            "target": swap.optional(action.target),
            "compensation": back
            and back.model_copy(update={"parameters": swap.value(back.parameters)}),
            "editable": action.editable and _bounds(action.editable, swap),
        }
    )


def _bounds(editable: Editable, swap: Swap) -> Editable:
    """What a reviewer may enter goes along: a form whose own value is out of bounds gives away."""
    fields = {name: _field(one, swap) for name, one in editable.properties.items()}
    return editable.model_copy(update={"properties": fields})


def _field(one: EditableField, swap: Swap) -> EditableField:
    bounds: dict[str, JsonValue] = {
        "minimum": swap.value(one.minimum),
        "maximum": swap.value(one.maximum),
    }
    choices = None if one.enum is None else [swap.value(choice) for choice in one.enum]
    return one.model_copy(update={**bounds, "enum": choices and tuple(choices)})
