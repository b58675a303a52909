"""The signs of each kind of screen, and what they mean."""

from __future__ import annotations

Signs = tuple[tuple[str, str], ...]

REVIEW_SIGNS: Signs = (
    ("(a)", "a locked key: the line at the foot says what for"),
    ("✗", "contradicts the suggestion; of a step: it failed"),
    ("✓", "supports the suggestion; of a step: it went well"),
    ("⚠", "stale: older than the agent says it may be"),
    ("▒", "masked: v unmasks it, and that is recorded"),
    ("■", "the agent waits for you, or may not do it at all"),
    ("◧", "soft: the agent has acted; confirm it, or it is taken back"),
    ("□", "audit: the agent has acted, and nothing waits for you"),
    ("▲", "urgent: due before a session that starts now would end"),
    ("↑", "moved up: half of its time is over"),
    ("⟪RLO⟫", "a character that cannot be seen, made visible"),
)
LEAD_SIGNS: Signs = (
    ("✗", "an alarm that nobody has looked into, and that matters"),
    ("⚠", "an alarm that nobody has looked into; too few of something"),
    ("·", "an alarm that a lead has acknowledged"),
    ("✓", "an alarm that is over; or: as it should be"),
    ("●", "what was counted, on the whisker of what may be behind it"),
    ("│", "the whisker: the truth is on it 95 times in 100"),
    ("–", "no number, as there is nothing to count"),
    ("~", "assumed, and measured by nobody"),
    ("≤", "at the most: who takes that long anyway loses nothing"),
)
