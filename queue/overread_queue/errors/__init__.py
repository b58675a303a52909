"""Every refusal has a name and says what to do next.

OverreadError
├── NotFound · Conflict · Erased ·
│   NotAllowed (SelfApproval · SamePerson · OnHold · WouldLose · CapReached · Halted ·
│               DeskSilent)
├── MoveRefused · LeaseLost · LeaseHeld
├── NotYet (TooSoon · EvidenceUnread · JudgementFirst · ChallengeMissing · Boilerplate ·
│           ClockWentBack)
├── NotApproved · StillPending · Superseded · Undelivered
├── InvalidRequest (Unsuited) · InvalidPolicy · Backpressure
├── IntegrityError (Forged · Tampered · Replayed · Expired · TooEarly)
└── StoreError (StoreBusy · StoreInUse · StoreReadOnly · StoreFull · StoreCorrupt · NotADesk ·
                TooManyFiles · NetworkDisk · InboxAltered · NewerSchema · NoDesk · StoreReplaced)

`InvalidBrief` lives with the briefs and is raised unchanged; `Impossible`, for
numbers that no desk can have produced, lives with the measures.
"""

from overread_queue.errors.allowed import (
    CapReached,
    DeskSilent,
    Halted,
    NotAllowed,
    OnHold,
    SamePerson,
    SelfApproval,
    WouldLose,
)
from overread_queue.errors.asked import (
    Backpressure,
    Conflict,
    Erased,
    InvalidPolicy,
    InvalidRequest,
    LeaseHeld,
    LeaseLost,
    MoveRefused,
    NotApproved,
    NotFound,
    StillPending,
    Superseded,
    Undelivered,
    UnknownMetric,
    Unsuited,
)
from overread_queue.errors.base import OverreadError
from overread_queue.errors.integrity import (
    Expired,
    Forged,
    IntegrityError,
    Replayed,
    Tampered,
    TooEarly,
)
from overread_queue.errors.not_yet import (
    Boilerplate,
    ChallengeMissing,
    ClockWentBack,
    EvidenceUnread,
    JudgementFirst,
    NotYet,
    TooSoon,
)
from overread_queue.errors.store import (
    InboxAltered,
    NetworkDisk,
    NewerSchema,
    NoDesk,
    NotADesk,
    StoreBusy,
    StoreCorrupt,
    StoreError,
    StoreFull,
    StoreInUse,
    StoreReadOnly,
    StoreReplaced,
    TooManyFiles,
)

__all__ = [
    "Backpressure",
    "Boilerplate",
    "CapReached",
    "ChallengeMissing",
    "ClockWentBack",
    "Conflict",
    "DeskSilent",
    "Erased",
    "EvidenceUnread",
    "Expired",
    "Forged",
    "Halted",
    "InboxAltered",
    "IntegrityError",
    "InvalidPolicy",
    "InvalidRequest",
    "JudgementFirst",
    "LeaseHeld",
    "LeaseLost",
    "MoveRefused",
    "NetworkDisk",
    "NewerSchema",
    "NoDesk",
    "NotADesk",
    "NotAllowed",
    "NotApproved",
    "NotFound",
    "NotYet",
    "OnHold",
    "OverreadError",
    "Replayed",
    "SamePerson",
    "SelfApproval",
    "StillPending",
    "StoreBusy",
    "StoreCorrupt",
    "StoreError",
    "StoreFull",
    "StoreInUse",
    "StoreReadOnly",
    "StoreReplaced",
    "Superseded",
    "Tampered",
    "TooEarly",
    "TooManyFiles",
    "TooSoon",
    "Undelivered",
    "UnknownMetric",
    "Unsuited",
    "WouldLose",
]
