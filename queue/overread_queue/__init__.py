"""The durable queue: a door for agents and a door for reviewers, onto one store."""

from overread_briefs import InvalidBrief
from overread_queue.agent import AgentQueue
from overread_queue.desk import ReviewDesk
from overread_queue.errors import OverreadError

__all__ = ["AgentQueue", "InvalidBrief", "OverreadError", "ReviewDesk"]
