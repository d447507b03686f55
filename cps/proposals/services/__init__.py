"""Every write on proposals. Services flush and never commit; the caller opens the transaction."""

from cps.proposals.services.answering import (
    AnswerSpec,
    Point,
    approve_answer,
    draft_answer,
    publish_answer,
)
from cps.proposals.services.delivering import (
    DeliverySpec,
    MilestoneSpec,
    News,
    add_milestone,
    begin_delivery,
    complete_milestone,
    deliver,
    judge,
    move_milestone,
    progress,
)
from cps.proposals.services.discussing import NewComment, back, comment, unback
from cps.proposals.services.joining import join, part
from cps.proposals.services.reaching import end, lift, recount
from cps.proposals.services.supporting import support, unsupport
from cps.proposals.services.thresholds import ThresholdSpec, drop_threshold, save_settings, save_threshold
from cps.proposals.services.writing import (
    NewProposal,
    add,
    add_photos,
    begin_draft,
    drop_draft,
    keep_draft,
    propose,
    revise,
    withdraw,
)

__all__ = [
    "AnswerSpec",
    "DeliverySpec",
    "MilestoneSpec",
    "NewComment",
    "NewProposal",
    "News",
    "Point",
    "ThresholdSpec",
    "add",
    "add_milestone",
    "add_photos",
    "approve_answer",
    "back",
    "begin_delivery",
    "begin_draft",
    "comment",
    "complete_milestone",
    "deliver",
    "draft_answer",
    "drop_draft",
    "drop_threshold",
    "end",
    "join",
    "judge",
    "keep_draft",
    "lift",
    "move_milestone",
    "part",
    "progress",
    "propose",
    "publish_answer",
    "recount",
    "revise",
    "save_settings",
    "save_threshold",
    "support",
    "unback",
    "unsupport",
    "withdraw",
]
