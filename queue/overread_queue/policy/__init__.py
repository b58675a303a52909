"""The escalation policy: which action needs whom, until when, and what silence does. Pure."""

from overread_queue.policy.audit import Draw, audit_draw
from overread_queue.policy.evaluate import Ruling, evaluate, evaluate_again
from overread_queue.policy.facts import Facts, from_inputs, inputs
from overread_queue.policy.governance import Duty, Fallback
from overread_queue.policy.load import PolicyFile, load_policy, parse_policy
from overread_queue.policy.model import Policy, Settings

__all__ = [
    "Draw",
    "Duty",
    "Facts",
    "Fallback",
    "Policy",
    "PolicyFile",
    "Ruling",
    "Settings",
    "audit_draw",
    "evaluate",
    "evaluate_again",
    "from_inputs",
    "inputs",
    "load_policy",
    "parse_policy",
]
