"""A closed question that was right, made wrong in one place: what blind tests are made of.

Each mutation leaves the agent sure of itself and the evidence able to contradict it: who reads sees
it, who only looks does not. Pure: a brief in, a brief out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from overread_briefs.brief import Brief
from overread_briefs.errors import InvalidBrief
from overread_briefs.parse import parse_brief
from overread_queue.errors import Unsuited
from overread_queue.probing.beneficiary import swapped_beneficiary
from overread_queue.probing.documents import stale_document, wrong_policy
from overread_queue.probing.renaming import renamed
from overread_queue.probing.steps import missing_step
from overread_queue.probing.units import unit_error

Mutation = Literal[
    "none", "swapped_beneficiary", "stale_document", "wrong_policy", "unit_error", "missing_step"
]
"""What is wrong with a probe. `none` leaves it as right as it was: a control."""
MUTATIONS: Final[tuple[Mutation, ...]] = get_args(Mutation)


@dataclass(frozen=True, slots=True)
class Mutated:
    """A brief that can be put among real ones."""

    brief: Brief
    explanation: str
    """What is wrong with it, for leads; empty for a control."""


def mutate(brief: Brief, mutation: Mutation, *, salt: str) -> Mutated:
    """The brief with other references (drawn from `salt`) and this one thing wrong.

    Raises `Unsuited` where the mutation has nothing to take hold of, where what comes out no longer
    fits on a card, or where the agent's advice would not lead to the mistake.
    """
    _check_source(brief, mutation)
    changed, explanation = _MAKERS[mutation](renamed(brief, salt))
    return Mutated(_read_back(changed, mutation), explanation)


def _unchanged(brief: Brief) -> tuple[Brief, str]:
    return brief, ""


_MAKERS: Mapping[Mutation, Callable[[Brief], tuple[Brief, str]]] = {
    "none": _unchanged,
    "swapped_beneficiary": swapped_beneficiary,
    "stale_document": stale_document,
    "wrong_policy": wrong_policy,
    "unit_error": unit_error,
    "missing_step": missing_step,
}


def _check_source(brief: Brief, mutation: Mutation) -> None:
    kinds = {option.key: option.kind for option in brief.options}
    if brief.recommendation and kinds[brief.recommendation.option] != "approve":
        raise Unsuited(mutation, "its agent advised against approving, which leads nobody to it")
    if any(one.link for one in brief.evidence):
        raise Unsuited(mutation, "part of its evidence lies elsewhere and cannot be changed along")


def _read_back(brief: Brief, mutation: Mutation) -> Brief:
    """As a desk would read it, so that nothing is kept that could not be submitted."""
    try:
        return parse_brief(brief.to_bytes())
    except InvalidBrief as error:
        raise Unsuited(mutation, f"what comes out cannot be submitted: {error}") from error
