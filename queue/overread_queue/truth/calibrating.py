"""What adjudicated truth says of a policy's confidence thresholds. Nothing here applies anything.

One type of action at a time, and only by the newest version of each agent: what an older one got
wrong says little of it. A threshold may be tightened as far as the calibrated curve says, and
loosened by one step, and only where harm among what runs by itself is shown to be rare.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from overread_queue.errors import InvalidRequest
from overread_queue.measure.audits import audits_needed
from overread_queue.measure.intervals import Interval
from overread_queue.measure.stakes import Stakes
from overread_queue.numbers import percent
from overread_queue.policy.costs import Costs
from overread_queue.policy.model import Policy
from overread_queue.truth.drafting import own_rule, threshold_of, with_threshold
from overread_queue.truth.sampling import Label, Sample
from overread_queue.truth.sight import LEAST, Sight
from overread_queue.truth.weighing import (
    GRID,
    SURE,
    best_threshold,
    further,
    left_alone,
    newly_asked,
)

Verdict = Literal["tighten", "loosen", "hold"]

SETTLING_DAYS = 14
"""Between two loosenings, so that each is seen at work before the next."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What is proposed for one type of action. A lead decides, and people sign."""

    action_type: str
    versions: tuple[str, ...]
    """Agents and their versions that it rests on."""
    actions: int
    alone: int
    """… that ran by themselves."""
    judged: int
    """… whose truth counts."""
    picked: int
    """Judged out of turn; known mistakes, but no part of a rate."""
    wrong: Interval | None
    """Share of all actions that was wrong, 95 %; None where a part of them is in the dark."""
    effective: float
    """So many evenly drawn actions would say as much."""
    pays: float | None
    """The chance of being wrong above which a review pays; None where that is not known, or where
    none does."""
    catches: Interval | None
    """The chance that people catch what is wrong, 95 %, where the advice rests on it."""
    now: float
    """The confidence below which the policy asks people; 0 where no rule says so."""
    best: float | None
    """Where the calibrated curve would put it."""
    verdict: Verdict = "hold"
    to: float | None = None
    """The threshold proposed; None for a hold."""
    more: int | None = None
    """Further ones to judge, coming out as those so far, before more can be said."""
    says: str = ""


def advise(sample: Sample, policy: Policy, sight: Sight, *, fresh: bool = False) -> Advice:
    """Tighten, loosen, or hold with the reason; see the module for what each asks.

    `fresh`: the policy came into force lately, so that nothing is loosened once more yet.
    """
    rule = policy.actions.get(sample.action_type)
    plain = _plain(sample, policy)
    if rule is None or rule.costs is None:
        return _hold(plain, "the policy does not say what its errors and reviews cost")
    if not sight.usable:
        return _hold(plain, _unseen(sight))
    if plain.wrong is None:
        return _dark(plain, sample, rule.costs)
    case = _Case(sample, policy, rule.costs, rule.minutes, sight, fresh)
    pays = case.pays(sight.detection.estimate)
    try:
        return case.weigh(replace(plain, pays=pays if pays < 1 else None, catches=sight.detection))
    except InvalidRequest as error:
        return _hold(plain, str(error))


def _plain(sample: Sample, policy: Policy) -> Advice:
    found = sample.wrong()
    return Advice(
        action_type=sample.action_type,
        versions=sample.versions,
        actions=sample.actions,
        alone=sample.alone,
        judged=len(sample.labels),
        picked=sample.picked,
        wrong=found.interval() if found else None,
        effective=found.effective if found else 0.0,
        pays=None,
        catches=None,
        now=threshold_of(policy, sample.action_type).value,
        best=None,
    )


@dataclass(frozen=True, slots=True)
class _Case:
    sample: Sample
    policy: Policy
    costs: Costs
    minutes: float
    sight: Sight
    fresh: bool

    def pays(self, detection: float) -> float:
        return Stakes(
            loss=self.costs.loss,
            detection=detection,
            false_override=self.sight.false_override,
            override_cost=self.costs.override,
            review_cost=self.costs.minute * self.minutes,
        ).threshold

    def weigh(self, advice: Advice) -> Advice:
        if advice.pays is None:
            return _hold(advice, "as reviews are now, one costs more than it saves at any chance")
        best = best_threshold(self.sample.labels, advice.pays)
        if best is None:
            return _hold(advice, "no agent said how sure it was, so no threshold can be set")
        found = replace(advice, best=best)
        if best - advice.now > GRID / 2:
            return self._tighten(found, best)
        if advice.now - best > GRID / 2:
            return self._loosen(found, round(max(best, advice.now - GRID), 2))
        return _hold(found, "the threshold is where the evidence puts it")

    def _between(self, low: float, high: float) -> list[Label]:
        """The only ones that the threshold can move."""
        known = [(one.confidence, one) for one in self.sample.labels]
        return [one for sure, one in known if sure is not None and low <= sure <= high]

    def _tighten(self, advice: Advice, to: float) -> Advice:
        """Against the odds of the worst that reviewers may see: it has to pay even then."""
        draft = with_threshold(self.policy, advice.action_type, to)
        band = newly_asked(self._between(advice.now, to), self.policy, draft)
        pays = self.pays(self.sight.detection.low)
        if not band.labels:
            return _hold(advice, "nothing that would newly come to people was judged")
        if band.sureness(pays) >= SURE:
            says = "what runs by itself there is wrong more often than a review costs"
            return replace(advice, verdict="tighten", to=to, says=says)
        more = further(lambda more: band.sureness(pays, more=more))
        return _wait(advice, "whether tightening pays", more)

    def _loosen(self, advice: Advice, to: float) -> Advice:
        if own_rule(self.policy, advice.action_type) is None:
            return _hold(advice, "its rule speaks of other types of action too; split it first")
        if self.fresh:
            return _hold(advice, f"the policy changed less than {SETTLING_DAYS} days ago; wait")
        draft = with_threshold(self.policy, advice.action_type, to)
        band = newly_asked(self._between(to, advice.now), draft, self.policy)
        if not band.labels:
            return _hold(advice, "nothing that would newly run by itself was judged")
        pays = self.pays(self.sight.detection.high)
        if 1 - band.sureness(pays) < SURE:
            more = further(lambda more: 1 - band.sureness(pays, more=more))
            return _wait(advice, "whether loosening pays", more)
        alone = left_alone(self.sample.labels, self.policy)
        needed = max(
            audits_needed(one.harmful, len(one.labels), ceiling=self.costs.harm)
            for one in (band, alone)
        )
        if needed:
            return _wait(advice, f"whether harm stays below {percent(self.costs.harm)}", needed)
        says = "a review there costs more than it saves, and harm is shown to be rare"
        return replace(advice, verdict="loosen", to=to, says=says)


def _hold(advice: Advice, says: str) -> Advice:
    return replace(advice, says=says)


def _wait(advice: Advice, what: str, more: int | None) -> Advice:
    if more is None:
        return _hold(advice, f"nothing so far says {what}, and more of the same would not")
    return replace(advice, more=more, says=f"not enough is known to say {what}: {more:,} more")


def _dark(advice: Advice, sample: Sample, costs: Costs) -> Advice:
    if not sample.dark_alone:
        return _hold(advice, "too little of what came to people was judged to speak for it")
    audits = [one for one in sample.labels if one.alone]
    harmful = sum(one.harmful for one in audits)
    more = audits_needed(harmful, len(audits), ceiling=costs.harm)
    says = (
        "too little of what ran by itself was judged, and what came to people says nothing of it: "
        f"{more:,} more audits, all of them clean, would show harm below {percent(costs.harm)}"
    )
    return replace(advice, more=more, says=says)


def _unseen(sight: Sight) -> str:
    return (
        f"nobody knows what reviewers catch: that takes {LEAST} mistakes and {LEAST} right ones "
        f"that they answered, and {sight.wrong} and {sight.right} were found out"
    )
