"""The part of the flow that asks something of an approval, and the stop that asks nothing."""

from __future__ import annotations

from dataclasses import replace

from overread_briefs.action import Action
from overread_briefs.brief import Option
from overread_briefs.fields import Parameters
from overread_console.flow.card import PAYING, numbered_evidence
from overread_console.flow.friction import lock_words, may_challenge
from overread_console.flow.halts import who
from overread_console.flow.prompt import (
    ChallengeWords,
    Prompt,
    challenge_prompt,
    irreversible,
    prompt_for,
)
from overread_console.flow.steps import FlowSteps
from overread_console.flow.token import Token, token_of
from overread_console.flow.words import number_in
from overread_queue.errors import InvalidRequest
from overread_queue.models import Halt, Review, Standing, Sureness

SURENESS: tuple[Sureness, ...] = ("low", "medium", "high")
"""In the order of the keys 1, 2 and 3."""
_MISSING = "missing:"


class FlowCare(FlowSteps):
    """Judge, challenge, prepare, stop. `ReviewFlow` is what a face calls."""

    def judge(self, option_key: str, sureness: Sureness) -> None:
        """Commit to a first judgement, then show what was withheld. It can never be changed.

        Raises `InvalidRequest` where nothing is withheld or it was judged already.
        """
        with self._deciding() as review:
            judged = self.desk.judge(review, option=option_key, confidence=sureness)
            self._renew(judged)
            self._renew(self.desk.reveal(judged))
            self._tell("judgement recorded")

    def prepare(self, option_key: str, parameters: Parameters | None = None) -> Prompt:
        """What an option needs next from the reviewer. Ask again after each answer.

        `challenge`: pass what they type to `challenge`, then prepare again; it comes also while
        nothing but time is missing. `form`: prepare again
        with the `parameters` it gave. `words`, `yes`, `token`, `nothing`: go on to `choose`.
        Raises `InvalidRequest`, with the scene's `lock` for words, while approving is shut.
        """
        with self._deciding() as review:
            option = self._option(option_key)
            if option.kind not in PAYING:
                return prompt_for(review, option, None)
            self._look_again()
            standing = self._look.standing
            if self._challenge_due(option) and may_challenge(standing):
                return self._challenge_prompt(option)
            self._check_open(standing)
            formless = option.kind == "approve" or option.patch or parameters
            if not formless:
                return prompt_for(review, option, None)
            executed = self.desk.preview(review, option_key, parameters)
            token = self._token(option, parameters, executed) if irreversible(review) else None
            return prompt_for(review, option, executed, token)

    def challenge(
        self, weakest: str, wrong_if: str, changed: str = "", *, keep: bool = False
    ) -> None:
        """Hold something against an approval, as typed; `weakest` is a number or `missing: …`.

        Raises `Boilerplate` with words for the reviewer; where it `may_keep`, the same call with
        `keep` is taken. Raises `InvalidRequest` for a number that no evidence has. What was typed
        comes back in the next prompt.
        """
        with self._deciding() as review:
            self._typed = ChallengeWords(weakest, wrong_if, changed)
            challenged = self.desk.challenge(
                review,
                weakest=_evidence(weakest, review),
                wrong_if=wrong_if,
                changed=changed,
                keep=keep,
            )
            self._renew(challenged)

    def keep_words(self, words: ChallengeWords) -> None:
        """Remember an unfinished challenge for the next prompt, as long as its item is at hand."""
        with self._lock:
            self._typed = words

    def stop(self, agent: str | None, reason: str = "") -> Halt:
        """Stop an agent, or the whole desk for None, until a lead lifts it. Needs no session."""
        with self._changing():
            halt = self.desk.stop(agent, reason=reason)
            self._look_again()
            self._tell(f"stopped: {who(halt)}; a lead lifts it with `overread lift`", "warning")
            return halt

    def agents(self) -> tuple[str, ...]:
        """Whom a stop could mean: the agent of the item at hand, then those of what waits."""
        with self._lock:
            rows = self.desk.rows(self.desk.waiting_ids()[:_WAITING])
            here = (self._review.item.agent,) if self._review else ()
            return tuple(dict.fromkeys((*here, *(row.agent for row in rows))))

    def _renew(self, review: Review) -> None:
        """The same item with more known about it; what was chosen before stays remembered."""
        draft = self._review.draft if self._review else None
        self._review = replace(review, draft=draft)
        self._look_again()

    def _check_open(self, standing: Standing) -> None:
        locked = lock_words(standing, self._at_hand())
        if locked:
            raise InvalidRequest(locked)

    def _check_token(self, option: Option, parameters: Parameters | None, typed: str) -> None:
        """What cannot be undone is approved only by whoever typed what it is done to."""
        review = self._at_hand()
        if option.kind not in PAYING or not irreversible(review):
            return
        executed = self.desk.preview(review, option.key, parameters)
        token = self._token(option, parameters, executed)
        if typed != token.text:
            raise InvalidRequest(f"this cannot be undone: type {token.text}, exactly, to approve")

    def _token(self, option: Option, parameters: Parameters | None, executed: Action) -> Token:
        return token_of(executed, self.desk.digest(self._at_hand(), option.key, parameters))

    def _challenge_due(self, option: Option) -> bool:
        standing = self._look.standing
        return standing.challenge or option.key in standing.changed

    def _challenge_prompt(self, option: Option) -> Prompt:
        standing = self._look.standing
        differs = self._picture_judged() if option.key in standing.changed else ""
        return challenge_prompt(option, self._typed, differs=differs)

    def _picture_judged(self) -> str:
        card = self.scene.card
        return card.judged if card else ""


_WAITING = 200
"""How much of what waits is looked through for agents."""


def _evidence(typed: str, review: Review) -> str:
    """The id behind a number; what is missing stays as it is."""
    words, items = typed.strip(), numbered_evidence(review.brief)
    if words.lower().startswith(_MISSING) and words[len(_MISSING) :].strip():
        return f"{_MISSING} {words[len(_MISSING) :].strip()}"
    number = number_in(words)
    if 1 <= number <= len(items):
        return items[number - 1].id
    raise InvalidRequest(
        f"weakest evidence: give its number, 1 to {len(items)}, or “missing: ” and what is missing"
    )
