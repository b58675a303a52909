"""The durable queue: doors for agents, reviewers and leads, onto one store."""

from overread_briefs import InvalidBrief
from overread_queue.agent import AgentQueue
from overread_queue.desk import ReviewDesk
from overread_queue.errors import OverreadError
from overread_queue.office import LeadOffice

__all__ = ["AgentQueue", "InvalidBrief", "LeadOffice", "OverreadError", "ReviewDesk"]
