"""Every measure there is, in the order in which to read them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from overread_queue.errors import InvalidRequest, UnknownMetric
from overread_queue.health.anchoring import anchoring_known
from overread_queue.health.backlog import depth, little_law
from overread_queue.health.facts import OVERRIDES
from overread_queue.health.measures import Measure
from overread_queue.health.metric import Metric
from overread_queue.health.promises import fallbacks, sla
from overread_queue.health.review_times import fast_reviews, review_time
from overread_queue.health.shares import Share
from overread_queue.health.tallying import Cut
from overread_queue.health.view import View, waited_for
from overread_queue.health.waits import Mean, Median, Medians, Waits
from overread_queue.probing.releasing import standing
from overread_queue.probing.results import metrics
from overread_queue.store import Transaction
from overread_queue.truth.unseen import unseen

NO_LOOKS = "Nobody has decided anything in this period."
TAKEN = Waits("taken", "taken", lambda one: waited_for(one) and not one.taken)
RESPONDED = Waits("responded", "responded", lambda one: waited_for(one) and not one.responded)
CLOSED = Waits("closed", "answered", waited_for)
STAYED = Waits("stayed", "left", lambda one: True, lambda one: one.since)
REFUSED_MOVES = frozenset({"MoveRefused", "LeaseLost", "LeaseHeld", "Conflict"})

CATALOGUE = (
    Measure(
        "escalation_rate",
        "Escalated",
        "share",
        "How often does an action come before a person?",
        "Whether the right ones come: that takes the truth about those that did not.",
        Share(
            "proposed",
            frozenset({"escalated"}),
            nothing="No agent has proposed anything in this period.",
        ),
        ("action_type",),
    ),
    Measure(
        "override_rate",
        "Overridden",
        "share",
        "How often does a look end with anything but the agent's proposal, as it was?",
        "Whether people look: 0 can be a perfect agent or nobody looking. Blind tests can. "
        "Looks at hard stops are left out: nobody can let those go on.",
        Share("chosen", frozenset(OVERRIDES), nothing=NO_LOOKS),
        ("action_type", "tier", "pool"),
    ),
    Measure(
        "response_time",
        "Time to a human response",
        "seconds",
        "After how long have half of the questions been answered, handed on or given an opinion?",
        "How good the answers are; and it moves with what is asked, not only with who answers.",
        Median(RESPONDED),
        ("tier", "pool"),
    ),
    Measure(
        "response_mean",
        "Mean wait for a response",
        "seconds",
        "How long does a question wait until somebody responds, or it ends in another way?",
        "Beyond the longest wait seen: what still waits counts with as much as it has waited.",
        Mean(RESPONDED),
        ("tier", "pool"),
    ),
    Measure(
        "mtta",
        "Mean time to take up",
        "seconds",
        "How long does a question lie until somebody claims it?",
        "When somebody read it: a whole batch is claimed at once.",
        Mean(TAKEN),
        ("tier", "pool"),
    ),
    Measure(
        "mttr",
        "Mean time to close",
        "seconds",
        "How long is it until a question has left the desk, hand-ons and undo windows included?",
        "Who was slow: what waits for a second person waits here as well.",
        Mean(CLOSED),
        ("tier", "pool"),
    ),
    Measure(
        "sla",
        "In time",
        "share",
        "What share was answered by the first deadline?",
        "Whether the deadline was a sensible one, or the answer a considered one.",
        sla,
        ("tier", "pool", "action_type"),
    ),
    Measure(
        "review_time",
        "Review time",
        "seconds",
        "How long do people look before they decide?",
        "What they did meanwhile: only that keys and mouse moved. Times are exact to 2.5 %.",
        review_time,
        ("", "action_type", "tier", "pool"),
        parts="rank",
    ),
    Measure(
        "fast_reviews",
        "Under 5 seconds",
        "share",
        "How many looks were over before anybody could have read the question?",
        "Why: somebody may have read the item in an earlier look.",
        fast_reviews,
        ("", "action_type", "tier", "pool"),
    ),
    Measure(
        "challenge_rate",
        "Challenged",
        "share",
        "How many approvals before the fact come with a challenge in words of their own?",
        "Whether the challenge was a good one; and the policy does not ask for one everywhere.",
        Share(
            "approved",
            frozenset({"own"}),
            nothing="Nothing that agents wait for was approved in this period.",
        ),
        ("action_type", "pool"),
    ),
    Measure(
        "boilerplate_rate",
        "Boilerplate",
        "share",
        "How many challenges were kept although they repeat an earlier one?",
        "Whether a new wording is a new thought.",
        Share(
            "challenged",
            frozenset({"boilerplate"}),
            nothing="Nobody has written a challenge in this period.",
        ),
        ("action_type", "pool"),
    ),
    Measure(
        "anchoring",
        "Switched to the suggestion",
        "share",
        "Of first judgements that differed from the suggestion, how many gave way to it?",
        "Whether giving way was right: that takes the truth about each case.",
        Share(
            "judged",
            frozenset({"switched"}),
            frozenset({"switched", "kept"}),
            nothing="No first judgement has differed from what was then suggested.",
        ),
        ("action_type", "tier"),
    ),
    Measure(
        "anchoring_known",
        "Switched, by what was right",
        "share",
        "Where the truth is known: how many gave way to a suggestion to go ahead, wrong or right?",
        "Of what nobody looked into since: leads choose what they find out about.",
        anchoring_known,
        parts="truth",
    ),
    Measure(
        "time_in_state",
        "Time in each state",
        "seconds",
        "How long does a question stay waiting, claimed, and held for undo?",
        "Why it stayed: snoozed, batched and forgotten look alike.",
        Medians(STAYED),
        ("state",),
    ),
    Measure(
        "transition_errors",
        "Refused moves",
        "share",
        "How many attempts to move a question or a run were refused?",
        "Whose fault: two people reaching for one item is a healthy refusal.",
        Share(
            "moved",
            REFUSED_MOVES,
            REFUSED_MOVES | {""},
            nothing="Nothing has moved in this period.",
        ),
    ),
    Measure(
        "depth",
        "On the desk",
        "count",
        "How much is open now?",
        "Whether it is too much: that is a matter of minutes, people and deadlines.",
        depth,
        ("pool", "tier", "action_type"),
    ),
    Measure(
        "fallbacks",
        "Deadlines passed",
        "count",
        "How often did the policy act because nobody had?",
        "How near the others were.",
        fallbacks,
        ("pool", "action_type"),
    ),
    Measure(
        "action_success",
        "Worked out",
        "share",
        "Of actions let through, how many did what they should, as their agents say?",
        "Anything of actions that no agent reported on, or of harm that no agent noticed.",
        Share("acted", frozenset({"ok"}), nothing="No agent has said how anything turned out."),
        ("action_type",),
    ),
    Measure(
        "errors_unseen",
        "Caught by nobody",
        "count",
        "Of what two people read blindly, how many errors did both overlook?",
        "Anything of what one person reads; and errors that everybody overlooks are not in it.",
        unseen,
    ),
    Measure(
        "little_law",
        "Self-test",
        "count",
        "Do the counts of what came, went and waited agree?",
        "Which of them is wrong where they do not.",
        little_law,
    ),
)
BLIND_TESTS = ("probe_hits", "probe_false_alarms", "d_a")
"""What was released of blind tests, in steps too large to lead to anybody."""
NAMES = (*(one.name for one in CATALOGUE), *BLIND_TESTS)


def chosen(names: Sequence[str]) -> tuple[Measure, ...]:
    """Those named, in the catalogue's order; all of them for none. Raises `UnknownMetric`."""
    for name in names:
        if name not in NAMES:
            raise UnknownMetric(name, NAMES)
    return tuple(one for one in CATALOGUE if not names or one.name in names)


def read(view: View, measures: Iterable[Measure], by: Cut | None) -> tuple[Metric, ...]:
    """Raises `InvalidRequest` for a cut that a measure does not have."""
    found = []
    for one in measures:
        if by is not None and by not in one.cuts:
            raise _not_kept(one.name, by, one.cuts)
        found.append(one.of(view, by))
    return tuple(found)


def blind_tests(tx: Transaction, names: Sequence[str], by: Cut | None) -> tuple[Metric, ...]:
    """The same of blind tests, whose cuts are fixed."""
    wanted = [name for name in BLIND_TESTS if not names or name in names]
    if by is not None and wanted and names:
        raise _not_kept(wanted[0], by, ())
    told = metrics(standing(tx, "wrong"), standing(tx, "good"))
    return tuple(one for one in told if one.name in wanted)


def _not_kept(name: str, by: Cut, cuts: Sequence[Cut]) -> InvalidRequest:
    kept = ", ".join(cut.replace("_", "-") for cut in cuts if cut) or "what it always shows"
    return InvalidRequest(f"{name} is not kept by {by}, but by {kept}")
