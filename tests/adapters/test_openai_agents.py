"""The OpenAI Agents SDK, the real one: states in files of the agent's own, resumed by others."""

from __future__ import annotations

from delivery_conformance import Conformance
from stopping_bench import StoppingBench


class AgentsBench(StoppingBench):
    """Runs of the refund agent in `openai_agents_agent`."""

    runtime = "openai-agents"
    modules = ("openai_agents_agent",)


class TestOpenAIAgents(Conformance):
    bench_of = AgentsBench
