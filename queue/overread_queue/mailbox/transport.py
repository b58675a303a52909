"""The way to a desk of another user: messages into its inbox, and papers out of its outbox."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import JsonValue

from overread_briefs.canonical import brief_sha256
from overread_queue.asking.dossier import Answered, Dossier, Trusted
from overread_queue.asking.proposing import (
    Asked,
    Circumstances,
    announced,
    judge_action,
    judge_brief,
)
from overread_queue.asking.submission import (
    Submission,
    check_vouched,
    claim_of,
    prepared,
    read_brief,
    ticket,
)
from overread_queue.asking.tentative import Objection
from overread_queue.clock import Clock, new_id
from overread_queue.errors import (
    Conflict,
    DeskSilent,
    LeaseLost,
    MoveRefused,
    NotFound,
    OverreadError,
    Replayed,
    StillPending,
)
from overread_queue.ground import RECORDED
from overread_queue.mailbox.holding import MailHold
from overread_queue.mailbox.layout import Layout, ledger_of
from overread_queue.mailbox.leases import Leases
from overread_queue.mailbox.pending import pending, provisional
from overread_queue.mailbox.post import Post
from overread_queue.mailbox.reading import MailTrust, Papers
from overread_queue.mailbox.verbs import Question, Words
from overread_queue.mailbox.watching import watching
from overread_queue.models import Halt, Proposal, Row, Status, Ticket
from overread_queue.routing.pressure import Depth
from overread_queue.states import EscalationKind, EscalationState, RunState
from overread_queue.stopping.halting import halted, halted_by
from overread_queue.store.inbox import Sent, check_regular
from overread_queue.store.rows import EscalationRow, RunRow, line_of
from overread_queue.transport.protocol import Backlog, Hold, Waiter

FINISHED = frozenset({"done", "failed"})


class Mailbox:
    """Durable when a message is committed; settled when intake has taken it in.

    A call waits `patience` seconds for the desk's word, so that its refusals arrive as they would
    from a desk of the same user. Later ones arrive with the next look at the ticket.
    """

    def __init__(
        self,
        layout: Layout,
        agent: str,
        *,
        clock: Clock,
        key: Ed25519PrivateKey | None,
        patience: float,
    ) -> None:
        check_regular(layout.inbox_db)
        self._layout = layout
        self._trust = MailTrust(layout, clock)
        self._agent = self._trust.roster().agent(agent).name
        self._papers = Papers(layout, self._trust, self._agent)
        self._post = Post(layout, self._agent, self._trust, self._papers, key, patience)
        self._leases = Leases(self.ledger.with_suffix(".leases"))

    @property
    def trusted(self) -> Trusted:
        return self._trust

    @property
    def ledger(self) -> Path:
        return ledger_of(self._trust.desk_id, self._agent)

    def close(self) -> None:
        """Nothing is kept open between calls."""

    @contextmanager
    def recording(self, about: str | None = None) -> Iterator[None]:
        try:
            yield
        except RECORDED as refusal:
            with suppress(OverreadError):
                self._post.say("refused", about or "", Words(error=type(refusal).__name__))
            raise

    def check_going(self) -> None:
        board = self._papers.board()
        stopped = halted_by(board.halts if board else (), self._agent)
        if stopped is not None:
            raise halted(stopped)

    def check_heard(self) -> None:
        silent = self._papers.silent_for()
        if silent is not None:
            raise DeskSilent(silent)

    # -- asking

    def propose(self, asked: Asked) -> Proposal:
        """The desk's own ruling, where it answers in time; else this side's reading of the same
        policy, with the silence of the desk counted as a stop."""
        judged = judge_action(self._trust, self._circumstances(), self._agent, asked)
        question = Question(
            action=asked.action,
            signals={name: _plain(value) for name, value in asked.signals.items()},
            data_class=asked.data_class,
            software=asked.software,
            model=asked.model,
        )
        id = new_id(self._trust.clock.now())
        self._post.send("propose", "", question.model_dump_json(by_alias=True).encode(), name=id)
        answer = self._post.answer(id)
        if answer is not None and answer.proposal is not None:
            return answer.proposal
        return announced(judged, id)

    def submit(self, submission: Submission) -> Ticket:
        with self.recording():
            claim = claim_of(self._trust.desk_id, submission)
            check_vouched(self._trust, claim, submission.signature)
            self.check_going()
            earlier = self._earlier(submission)
            if earlier is not None:
                return earlier
            brief = read_brief(self._trust, submission)
            judged = judge_brief(self._trust, self._circumstances(), self._agent, brief)
            ready = prepared(submission, brief, judged, judged.ruling)
            now = self.backlog()
            id = new_id(self._trust.clock.now())
            mine = provisional(self._trust, ready, id, backlog=now)
        answer = self._post.hand_in(submission, id)
        self._leases.went_on(mine.run)
        if answer is None or answer.ticket is None:
            return ticket(mine, created=True, taken_in=False)
        return answer.ticket

    def withdraw(self, found: EscalationRow, *, reason: str, signature: bytes | None) -> None:
        name, body = new_id(self._trust.clock.now()), reason.encode("utf-8", "replace")
        self._post.send_signed("withdraw", found.key, body, name=name, signature=signature)
        self._post.answer(name)

    # -- looking

    def dossier(self, id: str) -> Dossier:
        there = self._papers.standing(id)
        if there is None:
            return self._untold(id)
        found = there.found
        run = self._papers.run(found.run)
        state = run.state if run else RunState.RUNNING
        return Dossier(found, _run(found, state), there.successor, self._answered(found))

    def status(self, id: str) -> Status:
        there = self.dossier(id)
        found, answered = there.found, there.answered
        return Status(
            id=found.id,
            state=found.state,
            run=found.run,
            run_state=there.run.state,
            tier=found.tier,
            pool=found.pool,
            deadline_at=found.deadline_at,
            verdict=answered.decision.verdict if answered else None,
            halted=self.backlog().halted,
        )

    def escalations(self, state: EscalationState | None, *, most: int) -> tuple[Row, ...]:
        told = self._papers.standings()
        wanted = [one for one in told if state is None or one.found.state is state]
        return tuple(line_of(one.found, one.question) for one in wanted[:most])

    def listen(self, id: str | None) -> AbstractContextManager[Waiter]:
        return watching(self._layout, self._agent)

    # -- acting

    def take(self, found: EscalationRow, *, giving_up: bool) -> Hold:
        with self.recording(found.id):
            if not giving_up:
                self.check_going()
            fence = self._lease(found)
        hold = MailHold(self._post, self._leases, found, fence)
        try:
            self._post.say("take", found.id, Words(giving_up=giving_up))
        except BaseException:
            hold.give_back()
            raise
        return hold

    def acknowledge(self, found: EscalationRow, *, finish: bool) -> None:
        self._post.say("acknowledge", found.id, Words(finish=finish))

    def finish(self, found: EscalationRow, target: RunState) -> None:
        if found.kind is EscalationKind.APPROVAL:
            raise LeaseLost("run of", found.id)
        self._post.say("end", found.id, Words.ending(target))

    def outcome(self, id: str, *, ok: bool, detail: str) -> None:
        with self.recording(id):
            answered = self.dossier(id).answered
        if answered is None:
            raise StillPending(id)
        self._post.say("outcome", id, Words(ok=ok, detail=detail))

    def undelivered(self, id: str, *, tries: int, trouble: str) -> None:
        self._post.say("undelivered", id, Words(tries=tries, detail=trouble))

    # -- acting first

    def rollbacks(self) -> tuple[str, ...]:
        feed = self._papers.feed()
        return feed.rollbacks if feed else ()

    def rolled_back(self, id: str, *, ok: bool, detail: str) -> None:
        with self.recording(id):
            self.dossier(id)
        self._post.say("rolled_back", id, Words(ok=ok, detail=detail))

    def objections(self, *, since: int) -> tuple[Objection, ...]:
        feed = self._papers.feed()
        return tuple(one for one in (feed.objections if feed else ()) if one.at >= since)

    # -- going easy

    def backlog(self) -> Backlog:
        board = self._papers.board()
        if board is None:
            return Backlog({}, 0, frozenset(), self._silence())
        depths = {pool: Depth(items, seconds) for pool, (items, seconds) in board.depths.items()}
        stopped = halted_by(board.halts, self._agent) or self._silence()
        return Backlog(depths, board.reviewers, board.shut, stopped)

    # -- inside

    def _circumstances(self) -> Circumstances:
        board = self._papers.board()
        breaker = board is not None and self._agent in board.breakers
        return Circumstances(breaker_open=breaker, halted=self.backlog().halted is not None)

    def _silence(self) -> Halt | None:
        """A desk that says nothing may have been stopped: it counts as if it were."""
        silent = self._papers.silent_for()
        if silent is None:
            return None
        at = self._trust.clock.now() - round(silent * 1000)
        return Halt("", None, at, "desk", f"nothing was heard of the desk for {silent:,.0f} s")

    def _earlier(self, submission: Submission) -> Ticket | None:
        """What this agent has handed in under the same key before, unless it was refused."""
        sent = next((one for one in self._post.sent(submission.name) if self._stands(one)), None)
        if sent is None:
            return None
        stored, received = brief_sha256(sent.body), brief_sha256(submission.data)
        if stored != received:
            raise Conflict(submission.name, stored=stored, received=received)
        id = sent.ticket.decode("utf-8", "replace")
        found = self.dossier(id).found
        return ticket(found, created=False, taken_in=self._papers.standing(found.id) is not None)

    def _stands(self, sent: Sent) -> bool:
        answer = self._papers.answer(sent.ticket.decode("utf-8", "replace"))
        return answer is None or answer.refusal is None

    def _untold(self, id: str) -> Dossier:
        """What the desk has not said anything of: on its way, refused, or known by another id."""
        answer = self._post.heard(id)
        if answer is not None and answer.ticket is not None and answer.ticket.id != id:
            return self.dossier(answer.ticket.id)
        sent = self._post.sent_as(id)
        if sent is None:
            raise NotFound("escalation", id)
        found = pending(self._trust, self._agent, id, sent, self._circumstances(), self.backlog())
        return Dossier(found, _run(found, RunState.PAUSED_PENDING_HUMAN), None, None)

    def _answered(self, found: EscalationRow) -> Answered | None:
        paper = self._papers.decision(found.id, found.attempt)
        if paper is None:
            return None
        policy = self._trust.policy_of(found.policy_sha256)
        return Answered(paper.decision, paper.payload, paper.opinions, policy)

    def _lease(self, found: EscalationRow) -> int:
        """Raises `LeaseHeld`, and what the desk would refuse it with as far as it has said."""
        there, run = self._papers.standing(found.id), self._papers.run(found.run)
        if there is not None and there.delivery in FINISHED:
            raise Replayed(f"decision {found.id}/{found.attempt} was already acted on")
        state = run.state if run else RunState.HUMAN_RESPONDED
        if state not in (RunState.HUMAN_RESPONDED, RunState.RESUMING):
            raise MoveRefused("run", found.run, found=state, wanted=RunState.RESUMING)
        now = self._trust.clock.now()
        until = now + self._trust.policy().settings.lease * 1000
        return self._leases.take(found.run, found.id, now=now, until=until)


def _run(found: EscalationRow, state: RunState) -> RunRow:
    return RunRow(found.agent, found.run, state, 0, None, None)


def _plain(value: object) -> JsonValue:
    """A signal as JSON; what is no finite number is none, and asks a person."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    finite = number and isinstance(value, int | float) and abs(value) < 2**53
    return value if finite and isinstance(value, int | float) else None
