"""Forms of the desk, one for each act. Their fields carry the act in their id: several stand on one page."""

from cps.triage.forms.base import NO_CATEGORY, NO_DEPARTMENT, PUBLIC, DeskForm
from cps.triage.forms.closing import OUTCOMES, CloseForm, ClosingFields, ReopenForm, SecondForm, whose_field
from cps.triage.forms.dating import DecideForm, ExtendForm
from cps.triage.forms.deciding import YesOrNoForm
from cps.triage.forms.handing import AboutStaffForm, AcceptForm, RefuseForm, ReleaseForm, TransferForm
from cps.triage.forms.noting import HereForm, MissingForm, NoteForm, ReadForm, TranscribeForm
from cps.triage.forms.partners import PartnerForm, RecallForm
from cps.triage.forms.replying import MOVE_WORDS, ReplyForm
from cps.triage.forms.sorting import JoinForm, SortForm, UnjoinForm
from cps.triage.rules import Act

FORMS: dict[Act, type[DeskForm]] = {
    form.act: form
    for form in (
        DeskForm, ReleaseForm, ReadForm, ReplyForm, CloseForm, ReopenForm, TransferForm, SortForm, NoteForm,
        JoinForm, ExtendForm, DecideForm, AcceptForm, RefuseForm, UnjoinForm, PartnerForm, RecallForm,
        HereForm, MissingForm, TranscribeForm, AboutStaffForm, SecondForm,
    )
}  # fmt: skip

__all__ = [
    "FORMS",
    "MOVE_WORDS",
    "NO_CATEGORY",
    "NO_DEPARTMENT",
    "OUTCOMES",
    "PUBLIC",
    "AboutStaffForm",
    "CloseForm",
    "ClosingFields",
    "DecideForm",
    "DeskForm",
    "ExtendForm",
    "HereForm",
    "JoinForm",
    "MissingForm",
    "NoteForm",
    "PartnerForm",
    "RefuseForm",
    "ReplyForm",
    "SecondForm",
    "SortForm",
    "TranscribeForm",
    "TransferForm",
    "YesOrNoForm",
    "whose_field",
]  # fmt: skip
