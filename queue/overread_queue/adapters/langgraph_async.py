"""Graphs that live in an event loop, for a worker that has none."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig
    from langgraph.types import Command, Durability, StateSnapshot

ASYNC = (
    "name a function under `@asynccontextmanager` that opens the checkpointer and yields the "
    "compiled graph"
)


class InLoop(Protocol):
    """What is asked of a compiled graph in its event loop."""

    @property
    def checkpointer(self) -> object: ...

    async def aget_state(self, config: RunnableConfig) -> StateSnapshot: ...

    async def ainvoke(
        self, input: Command[None] | None, config: RunnableConfig, *, durability: Durability
    ) -> object: ...


Opens = Callable[[], AbstractAsyncContextManager[InLoop]]


class AsyncGraph:
    """Opened for each use, in a loop of its own: an async checkpointer belongs to one loop, and
    uses are far apart. Not from inside a running loop."""

    def __init__(self, opens: Opens) -> None:
        self._opens = opens

    @property
    def checkpointer(self) -> object:
        async def found() -> object:
            async with self._opens() as graph:
                return graph.checkpointer

        return asyncio.run(found())

    def get_state(self, config: RunnableConfig) -> StateSnapshot:
        async def read() -> StateSnapshot:
            async with self._opens() as graph:
                return await graph.aget_state(config)

        return asyncio.run(read())

    def invoke(
        self, input: Command[None] | None, config: RunnableConfig, *, durability: Durability
    ) -> object:
        async def ran() -> object:
            async with self._opens() as graph:
                return await graph.ainvoke(input, config, durability=durability)

        return asyncio.run(ran())
