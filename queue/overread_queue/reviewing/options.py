"""What a reviewer can choose: the brief's options, and those that are always there. Pure."""

from __future__ import annotations

from overread_briefs import Action, Brief, NotEditable, Option, Verdict, edit
from overread_briefs.fields import Parameters
from overread_queue.errors import InvalidRequest
from overread_queue.states import EscalationKind, Tier

TAKE_OVER = "take-over"
"""The option by which a person does the task instead of the agent."""

REJECT = Option(
    key="reject",
    label="Reject",
    kind="reject",
    consequence="the agent is told no, with your reason",
)
ASK = Option(
    key="need-info",
    label="Ask the agent",
    kind="need_info",
    consequence="comes back with an answer",
)
HAND_BACK = Option(
    key="hand-back",
    label="Hand back",
    kind="need_info",
    consequence="the agent goes on by your instructions",
)
ABANDON = Option(
    key="abandon", label="Abandon the task", kind="reject", consequence="nobody does it"
)


CONFIRM = Option(
    key="confirm", label="Confirm", kind="approve", consequence="it stands as the agent did it"
)
DISAGREE = Option(
    key="disagree", label="Disagree", kind="reject", consequence="the agent takes it back"
)
RIGHT = Option(key="right", label="It was right", kind="approve", consequence="recorded, no more")
WRONG = Option(
    key="wrong", label="It was wrong", kind="reject", consequence="recorded, and counted"
)
PAYING = frozenset({"approve", "modify"})
"""Kinds of option that let an agent go on: they are held at first, and only they have to wait."""
AFTERWARDS = {
    EscalationKind.SOFT_REVIEW: (CONFIRM, DISAGREE),
    EscalationKind.AUDIT: (RIGHT, WRONG),
}


def options_for(
    brief: Brief, kind: EscalationKind, tier: Tier, senior_label: str | None
) -> tuple[Option, ...]:
    """Everything that can be chosen, in the order to show it.

    What was done already can only be confirmed or not. A hard stop offers no approval: the agent
    may not do it, so a person takes over, hands back or abandons.
    """
    if kind is not EscalationKind.APPROVAL:
        return (*AFTERWARDS[kind], *_handing_on(brief, senior_label))
    if tier is Tier.HARD_STOP:
        return (*_stopped(), *_handing_on(brief, senior_label))
    offered = [option for option in brief.options if option.kind != "escalate"]
    kinds = {option.kind for option in offered}
    always = [option for option in (REJECT, ASK) if option.kind not in kinds]
    ranked = sorted([*offered, *always], key=lambda option: _ORDER.index(option.kind))
    return (*ranked, *_handing_on(brief, senior_label))


_ORDER = ("approve", "modify", "reject", "need_info", "escalate")


def _stopped() -> tuple[Option, ...]:
    take_over = Option(
        key=TAKE_OVER,
        label="Take over",
        kind="reject",
        consequence="you do it yourself; the agent stops here",
    )
    return take_over, HAND_BACK, ABANDON


def _handing_on(brief: Brief, senior_label: str | None) -> tuple[Option, ...]:
    if senior_label is None:
        return ()
    own = tuple(option for option in brief.options if option.kind == "escalate")
    hand_on = Option(
        key="hand-on",
        label="Hand on",
        kind="escalate",
        consequence=f"goes to {senior_label}",
    )
    return own or (hand_on,)


def chosen(options: tuple[Option, ...], key: str) -> Option:
    """The option of that key. Raises `InvalidRequest` naming those there are."""
    for option in options:
        if option.key == key:
            return option
    known = ", ".join(option.key for option in options)
    raise InvalidRequest(f"there is no option {key!r} here; choose one of {known}")


def verdict_of(option: Option) -> Verdict | None:
    """What choosing it means; None for a hand-on, which decides nothing."""
    if option.key == TAKE_OVER:
        return "taken_over"
    return None if option.kind == "escalate" else option.kind


def changes(option: Option, parameters: Parameters | None) -> Parameters:
    """Everything that a choice would replace: the option's own changes and the reviewer's."""
    return {**(option.patch or {}), **(parameters or {})}


def edited(action: Action, option: Option, parameters: Parameters | None) -> Action:
    """The exact action that this choice would execute.

    `parameters` are the ones to replace. Raises `InvalidRequest` for a change that is not permitted
    or missing.
    """
    if option.kind != "modify":
        if parameters:
            raise InvalidRequest(
                f"option {option.key!r} changes no parameters; choose a modify option"
            )
        return action
    wanted = changes(option, parameters)
    if not wanted:
        raise InvalidRequest("say which parameters to change, and to what")
    try:
        changed = edit(action, parameters or {})
    except NotEditable as refused:
        raise InvalidRequest(str(refused)) from refused
    changed = changed.model_copy(update={"parameters": action.parameters | wanted})
    if changed.parameters == action.parameters:
        raise InvalidRequest(
            "nothing is different from what the agent proposed; approve it instead"
        )
    return changed


def check_reason(option: Option, reason: str) -> None:
    """A no needs its reason and a question its words: both reach the agent."""
    silent = option.kind in ("approve", "modify") or option.key == TAKE_OVER
    if not silent and not reason.strip():
        what = "the question" if option.kind == "need_info" else "the reason"
        raise InvalidRequest(f"write {what}: it goes along with {option.label!r}")
    if len(reason) > MAX_REASON:
        raise InvalidRequest(f"the reason has {len(reason)} characters, {MAX_REASON} at most")


MAX_REASON = 2000
