"""The table of voice notes."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from cps.core.audio import AudioKind
from cps.core.db import Id, Model

IS_UNWRITTEN = text("stands_for_words AND written_at IS NULL")


class VoiceNote(Model):
    """What somebody said instead of writing, or besides; a draft and a case have one at most.

    A table of its own and no `Attachment`: photos are for everybody, a voice is for its speaker and for those
    who may know who reported. `name` is the random name under which the recording is stored as it came.
    `seconds` is its length where the file says it. While `stands_for_words` holds and `written_at` is null,
    the case has no words but the sentence that says so; whoever wrote them down did so last at `written_at`.
    """

    __tablename__ = "voice_note"
    __table_args__ = (
        CheckConstraint("case_id IS NOT NULL OR draft_id IS NOT NULL", name="belongs"),
        CheckConstraint("written_at IS NOT NULL OR written_by_id IS NULL", name="written_whole"),
        CheckConstraint("size > 0", name="not_empty"),
        Index("ix_voice_note_unwritten", "case_id", sqlite_where=IS_UNWRITTEN, postgresql_where=IS_UNWRITTEN),
    )

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(40), unique=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), unique=True)
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("draft.id", ondelete="SET NULL"), unique=True)
    kind: Mapped[AudioKind]
    size: Mapped[int]
    seconds: Mapped[int | None]
    original_sha256: Mapped[str] = mapped_column(String(64))
    stands_for_words: Mapped[bool] = mapped_column(default=False)
    added_at: Mapped[datetime]
    written_at: Mapped[datetime | None]
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))

    @property
    def is_to_be_written_down(self) -> bool:
        """Whether the case has no words yet but those that nobody wrote down."""
        return self.stands_for_words and self.written_at is None
