"""Pydantic AI, the real one: runs in files of the agent's own, resumed by other processes."""

from __future__ import annotations

from delivery_conformance import Conformance
from stopping_bench import StoppingBench


class PydanticBench(StoppingBench):
    """Runs of the refund agent in `pydantic_ai_agent`."""

    runtime = "pydantic-ai"
    modules = ("pydantic_ai_agent",)


class TestPydanticAI(Conformance):
    bench_of = PydanticBench
