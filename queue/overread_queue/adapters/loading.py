"""Finding the user's own agent, and the runtime that it runs in."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType, ModuleType

from overread_queue.adapters.target import Target
from overread_queue.agent import AgentQueue
from overread_queue.errors import InvalidRequest

Made = Callable[[AgentQueue, str], Target]
"""`target(queue, spec)` of every adapter."""


class NotInstalled(InvalidRequest):
    """A runtime is not there; the sentence names the extra that brings it."""

    def __init__(self, runtime: str, extra: str) -> None:
        super().__init__(
            f"{runtime} is not installed here; install it with `pip install 'overread[{extra}]'`, "
            "in the environment that your agent runs in"
        )


@dataclass(frozen=True, slots=True)
class Runtime:
    """One kind of target that a worker can deliver to."""

    module: str
    takes: str
    """What its `spec` is, for `overread deliver --help`."""


RUNTIMES = MappingProxyType(
    {
        "langgraph": Runtime("langgraph", "module:graph, compiled with a checkpointer"),
        "burr": Runtime("burr", "module:function, called with app_id= and partition_key="),
        "agentspan": Runtime("agentspan", "address of the server's API, http://localhost:6767/api"),
        "dbos": Runtime("dbos", "module:function, which returns a DBOSClient"),
        "openai-agents": Runtime("openai_agents", "module:gate, a Gate around the agent"),
        "pydantic-ai": Runtime("pydantic_ai", "module:gate, a Gate around the agent"),
        "temporal": Runtime("temporal", "module:function, async, which returns a Client"),
        "custom": Runtime("custom", "module:function, called with the queue; returns a Target"),
    }
)


def target_of(queue: AgentQueue, runtime: str, spec: str) -> Target:
    """The target that `spec` describes. Raises `InvalidRequest`, and `NotInstalled`."""
    known = RUNTIMES.get(runtime)
    if known is None:
        raise InvalidRequest(f"{runtime!r} is no runtime; use one of {', '.join(RUNTIMES)}")
    module = importlib.import_module(f"overread_queue.adapters.{known.module}")
    make: Made = module.target
    return make(queue, spec)


def named(spec: str) -> object:
    """What `package.module:name` names, looked for in the current folder first.

    Raises `InvalidRequest`, also for what goes wrong in the module's own code.
    """
    module_name, _, name = spec.partition(":")
    if not module_name or not name:
        raise InvalidRequest(f"{spec!r} does not name anything; write `package.module:name`")
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    found: object = getattr(_imported(module_name), name, None)
    if found is None:
        raise InvalidRequest(f"{module_name} has no {name!r}")
    return found


def _imported(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is not None and name.startswith(error.name):
            raise InvalidRequest(
                f"there is no module {name!r}; run this where your agent can be imported, and "
                "name it without .py"
            ) from error
        raise _broken(name, error) from error
    except Exception as error:
        raise _broken(name, error) from error


def _broken(name: str, error: Exception) -> InvalidRequest:
    return InvalidRequest(
        f"{name} cannot be imported: {type(error).__name__}: {error}; "
        f"`python -c 'import {name}'` shows where"
    )
