"""The right thing for the wrong one: somebody else's account, order or address."""

from __future__ import annotations

import re
from collections.abc import Iterator

from overread_briefs.brief import Brief
from overread_briefs.sensitivity import is_masked
from overread_queue.errors import Unsuited
from overread_queue.probing.rewriting import Swap, evidence_text, holds, told_by_agent

_WHO = (
    "iban",
    "account_ending",
    "card_ending",
    "recipient",
    "to",
    "payee",
    "beneficiary",
    "account",
    "seller",
    "customer",
    "subject",
    "keep",
    "merge",
    "listing",
    "order",
)
"""Parameters that say who gets it, the most direct first."""

_NUMBERED = re.compile(r"[A-Za-z0-9-]*\d{3,}")
_ADDRESS = re.compile(r"[\w.+-]+@(?:[\w-]+\.)+[a-z]{2,}")


def swapped_beneficiary(brief: Brief) -> tuple[Brief, str]:
    """The agent names somebody else than its evidence does. Raises `Unsuited`.

    Another one that the evidence names is taken first: mixing up two that lie on the same table is
    how it happens. Without one, two neighbouring figures or letters change places.
    """
    text = evidence_text(brief)
    for name, right in _named(brief):
        if not holds(text, right):
            continue
        wrong = _other_named(right, text, brief) or _slip(right)
        if wrong != right:
            changed = told_by_agent(brief, Swap({right: wrong}))
            return changed, _told(brief, name, right, wrong)
    raise Unsuited(
        "swapped_beneficiary", "no parameter names by number or address whom its evidence names"
    )


def _named(brief: Brief) -> Iterator[tuple[str, str]]:
    parameters = brief.action.parameters
    for name in _WHO:
        value = parameters.get(name)
        if isinstance(value, str) and (_NUMBERED.fullmatch(value) or _ADDRESS.fullmatch(value)):
            yield name, value


def _other_named(right: str, text: str, brief: Brief) -> str | None:
    """Somebody of the same kind in the evidence who is not part of the action already."""
    if right.isdigit():  # Any four figures look alike: a year would be taken for a card.
        return None
    used = set(map(str, brief.action.parameters.values()))
    return next((one for one in _alike(right).findall(text) if one not in used), None)


def _alike(right: str) -> re.Pattern[str]:
    if _NUMBERED.fullmatch(right):
        shape = re.sub(r"\d", r"\\d", re.escape(right))
        return re.compile(rf"(?<![A-Za-z0-9-]){shape}(?![A-Za-z0-9-])")
    return _ADDRESS


def _slip(right: str) -> str:
    """Two neighbours change places: the last two figures that differ, or letters of a domain."""
    end = len(right) if _NUMBERED.fullmatch(right) else right.rindex(".")
    for here in range(end - 1, 0, -1):
        left, last = right[here - 1], right[here]
        if left != last and left.isalnum() and left.isdigit() == last.isdigit():
            return right[: here - 1] + last + left + right[here + 1 :]
    return right


def _told(brief: Brief, name: str, right: str, wrong: str) -> str:
    if is_masked(brief.action.sensitive.get(name, "internal")):
        return f"`{name}` is not what the evidence names"
    return f"`{name}` is {wrong}, and the evidence names {right}"
