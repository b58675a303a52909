"""The escalation policy: which action needs whom, until when, and what silence does. Pure."""

from overread_queue.policy.load import PolicyFile, load_policy, parse_policy
from overread_queue.policy.model import Fallback, Policy, Settings
from overread_queue.policy.tier import Tiering, tier_of

__all__ = [
    "Fallback",
    "Policy",
    "PolicyFile",
    "Settings",
    "Tiering",
    "load_policy",
    "parse_policy",
    "tier_of",
]
