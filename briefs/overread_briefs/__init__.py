"""The contract between agents and the people who review what they want to do.

What goes up is a `Brief`; what comes back is a `Decision`. Everything here is pure: no terminal, no
database, no clock.
"""

from overread_briefs.action import Action, Compensation
from overread_briefs.brief import (
    SCHEMA_NAME,
    WAITS,
    Brief,
    Evidence,
    Link,
    Option,
    Provenance,
    Recommendation,
    Software,
    Step,
    Transformation,
    Trigger,
)
from overread_briefs.budget import card_facts, over_budget
from overread_briefs.canonical import (
    action_sha256,
    brief_sha256,
    event_sha256,
    jcs,
    strict_loads,
)
from overread_briefs.decision import Decision, Envelope, Verdict
from overread_briefs.distilling.distil import Distilled, distil
from overread_briefs.editable import Editable, EditableField, NotEditable, edit, editable_fields
from overread_briefs.errors import (
    BadJson,
    BriefError,
    Fault,
    InvalidBrief,
    NotCanonical,
    TooLarge,
)
from overread_briefs.parse import parse_brief
from overread_briefs.sensitivity import is_masked, mask
from overread_briefs.suspicion import suspicions
from overread_briefs.visible import invisible, visible
from overread_briefs.width import cells, clip, wrap

__all__ = [
    "SCHEMA_NAME",
    "WAITS",
    "Action",
    "BadJson",
    "Brief",
    "BriefError",
    "Compensation",
    "Decision",
    "Distilled",
    "Editable",
    "EditableField",
    "Envelope",
    "Evidence",
    "Fault",
    "InvalidBrief",
    "Link",
    "NotCanonical",
    "NotEditable",
    "Option",
    "Provenance",
    "Recommendation",
    "Software",
    "Step",
    "TooLarge",
    "Transformation",
    "Trigger",
    "Verdict",
    "action_sha256",
    "brief_sha256",
    "card_facts",
    "cells",
    "clip",
    "distil",
    "edit",
    "editable_fields",
    "event_sha256",
    "invisible",
    "is_masked",
    "jcs",
    "mask",
    "over_budget",
    "parse_brief",
    "strict_loads",
    "suspicions",
    "visible",
    "wrap",
]
