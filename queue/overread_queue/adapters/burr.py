"""Apache Burr: an action that asks, an action that is told, and a pause between the two.

    gate = Gate("desk.db", agent="refund-agent")

    @action(reads=["escalation"], writes=["escalation"])
    def ask(state, __context):
        return gate.ask(state, question(state), __context)

    @action(reads=["escalation"], writes=["approved"])
    def review(state, decision):
        return state.update(approved=gate.decided(state, decision).releases)

An application halts before every action that takes an input, so `review` waits for its `decision`.
A worker (`overread deliver burr module:application`) builds the application again by its
identifiers and runs it on. Put the effect into an action of its own, under the decision's id.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar, cast

from pydantic import JsonValue

from overread_briefs import Brief, Decision
from overread_queue.adapters.asking import ask_once, decided, digest, recalled
from overread_queue.adapters.loading import NotInstalled, named
from overread_queue.adapters.target import Answer, Found, Pause
from overread_queue.agent import AgentQueue
from overread_queue.errors import InvalidRequest
from overread_queue.store.wakes import Wake

try:
    from burr.core import Action, Application, ApplicationContext, State
except ImportError as error:
    raise NotInstalled("Burr", "burr") from error

RUNTIME = "burr"
ASKED = "escalation"
"""The field of the state that says which answer is waited for."""
INPUT = "decision"
"""The input by which an action is told. It carries a name only, never the answer itself."""

Kept = TypeVar("Kept")
Builder = Callable[..., object]
"""Called with `app_id` and `partition_key`; returns the application as it was persisted."""


class Gate:
    """Where the actions of an application ask. Safe to share: every call opens the desk for
    itself."""

    def __init__(self, db: str | Path, *, agent: str, key: str | Path | None = None) -> None:
        self._db, self._agent, self._key = db, agent, key

    def ask(
        self,
        state: State[Kept],
        brief: Brief,
        context: ApplicationContext,
        *,
        checkpoint: JsonValue = None,
    ) -> State[Kept]:
        """Ask, and write into the state which answer to wait for.

        The same action that runs again, after a crash or an error, asks nothing new. It tells one
        question from the next by what the state waited for before, so it has to read `escalation`.
        Raises what `submit` does.
        """
        if context.state_persister is None or context.state_initializer is None:
            raise InvalidRequest(
                "the application is not persisted, so a pause would not outlive its process; "
                "build it with `initialize_from` and `with_state_persister`"
            )
        pause = _pause(context, str(state.get(ASKED) or ""), brief)
        with AgentQueue.open(self._db, agent=self._agent, key=self._key) as queue:
            _check_new(queue, pause, context)
            escalation = ask_once(queue, RUNTIME, pause, checkpoint=checkpoint)
        return state.update(**{ASKED: escalation})

    def decided(self, state: State[Kept], decision: str) -> Decision:
        """The verified decision on what the state waits for.

        Raises `InvalidRequest` for the answer to anything else, and what `poll` does.
        """
        asked = str(state.get(ASKED) or "")
        if not asked or decision != asked:
            raise InvalidRequest(
                f"this application waits for {asked or 'no answer'}, and was given the one to "
                f"{decision}; let `overread deliver burr` bring the answers"
            )
        with AgentQueue.open(self._db, agent=self._agent, key=self._key) as queue:
            return decided(queue, asked)


def run_on(app: Application[Kept], inputs: Mapping[str, object] | None = None) -> None:
    """Run until an action comes that takes an input, or the end; `inputs` go to the first action.

    What begins an application calls this too: `Application.run` would refuse to be called on one
    that waits already, and warns about one that ends.
    """
    given = dict(inputs or {})
    while (following := app.get_next_action()) is not None and _needs(following) <= given.keys():
        app.step(inputs=given)
        given = {}


class ApplicationTarget:
    """The applications of one builder."""

    runtime = RUNTIME

    def __init__(self, builder: Builder) -> None:
        self._builder = builder

    def locate(self, wake: Wake) -> Found:
        app = self._built(wake)
        if _awaited(app) == wake.escalation:
            return "waiting"
        return "not_yet" if app.sequence_id is None else "gone"

    def resume(self, answers: Sequence[Answer]) -> None:
        (one,) = answers
        app = self._built(one.wake)
        if _awaited(app) != one.wake.escalation:
            raise InvalidRequest(f"{app.uid} does not wait for {one.wake.escalation} any more")
        run_on(app, {INPUT: one.wake.escalation})

    def drive_on(self, wake: Wake) -> None:
        run_on(self._built(wake))

    def _built(self, wake: Wake) -> Application[object]:
        app = self._builder(**wake.where)
        if not isinstance(app, Application):
            raise InvalidRequest("the builder returns no Application; it should end in `.build()`")
        if {"app_id": app.uid, "partition_key": app.partition_key} != wake.where:
            raise InvalidRequest(
                f"the builder was asked for {wake.where['app_id']!r} and made {app.uid!r}; "
                "hand app_id and partition_key to `with_identifiers`"
            )
        return app


def target(queue: AgentQueue, spec: str) -> ApplicationTarget:
    """`spec` names a function of `app_id` and `partition_key`. Raises `InvalidRequest`."""
    builder = named(spec)
    try:
        inspect.signature(cast("Builder", builder)).bind(app_id="", partition_key=None)
    except (TypeError, ValueError) as error:
        raise InvalidRequest(
            f"{spec} is no function that takes app_id and partition_key and builds an application"
        ) from error
    return ApplicationTarget(cast("Builder", builder))


def _awaited(app: Application[object]) -> str | None:
    """The escalation whose answer its next action takes."""
    following = app.get_next_action()
    if following is None or INPUT not in _takes(following):
        return None
    asked = app.state.get(ASKED)
    return str(asked) if asked else None


def _takes(action: Action) -> set[str]:
    required, optional = action.optional_and_required_inputs
    return required | optional


def _needs(action: Action) -> set[str]:
    """Inputs that must come from outside; Burr brings those with two underscores itself."""
    required, optional = action.optional_and_required_inputs
    needed = required | ({INPUT} & optional)
    return {name for name in needed if not name.startswith("__")}


def _pause(context: ApplicationContext, before: str, brief: Brief) -> Pause:
    return Pause(
        gate=digest([context.partition_key, context.app_id, context.action_name, before]),
        serial_key="/".join(filter(None, [context.partition_key, context.app_id])),
        target={"app_id": context.app_id, "partition_key": context.partition_key},
        brief=lambda: brief,
    )


def _check_new(queue: AgentQueue, pause: Pause, context: ApplicationContext) -> None:
    """An answered gate that is come to again is another question that cannot be told from it."""
    before = recalled(queue, runtime=RUNTIME, gate=pause.gate)
    if before is not None and before.ended == "delivered":
        raise InvalidRequest(
            f"action {context.action_name!r} asks a second time and does not see what it asked "
            f"before; let it read {ASKED!r}"
        )
