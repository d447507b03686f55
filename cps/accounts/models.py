"""Accounts, what identifies them, their roles, sessions and one-time codes."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cps.accounts.rules import STAFF_ROLES, AccountState, CodePurpose, IdentityKind, Role
from cps.core.db import BigId, Id, Model


class Account(Model):
    """Somebody who can sign in. Contact data stands here, never on a case.

    `signed_in_at` is when staff last came in; of residents it is not kept.
    """

    __tablename__ = "account"

    id: Mapped[Id]
    display_name: Mapped[str] = mapped_column(String(120), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    email_verified_at: Mapped[datetime | None]
    phone: Mapped[str] = mapped_column(String(20), default="")
    phone_verified_at: Mapped[datetime | None]
    language: Mapped[str] = mapped_column(String(12), default="")
    ward_id: Mapped[int | None] = mapped_column(ForeignKey("ward.id"))
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[AccountState] = mapped_column(default=AccountState.ACTIVE)
    created_at: Mapped[datetime]
    signed_in_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    grants: Mapped[list["RoleGrant"]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", foreign_keys="RoleGrant.account_id"
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def roles(self) -> frozenset[Role]:
        """All roles of the account; everybody is a resident."""
        return frozenset({Role.RESIDENT, *(grant.role for grant in self.grants)})

    session_token = ""
    """The random token of the device this account was loaded for; never stored."""

    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        """Whether the account can be used (Flask-Login asks)."""
        return self.state is AccountState.ACTIVE

    def get_id(self) -> str:
        """Return what Flask-Login keeps in the cookie: the token of this device, not the account's id."""
        return self.session_token

    @property
    def is_proven(self) -> bool:
        """Whether its owner has proven an address of mail or a number that is theirs now."""
        return self.email_verified_at is not None or self.phone_verified_at is not None

    @property
    def is_staff(self) -> bool:
        """Whether the account works for the city."""
        return bool(self.roles & STAFF_ROLES)


class RoleGrant(Model):
    """One role of one account."""

    __tablename__ = "role_grant"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[Role] = mapped_column(primary_key=True)
    granted_at: Mapped[datetime]
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))


_IN_THE_REGISTER = text("kind = 'register' AND account_id IS NOT NULL")


class Identity(Model):
    """A proven mark of a person, as a keyed tag only; rows outlive the account (one vote, one person)."""

    __tablename__ = "identity"
    __table_args__ = (
        Index(
            "ix_identity_one_register_mark",
            "account_id",
            unique=True,
            sqlite_where=_IN_THE_REGISTER,
            postgresql_where=_IN_THE_REGISTER,
        ),
    )

    kind: Mapped[IdentityKind] = mapped_column(primary_key=True)
    tag: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    verified_at: Mapped[datetime]


class SignInSession(Model):
    """A signed-in device, known by the hash of its random token."""

    __tablename__ = "sign_in_session"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    device: Mapped[str] = mapped_column(String(120), default="")


class OneTimeCode(Model):
    """A code sent to an address; only its keyed hash is stored."""

    __tablename__ = "one_time_code"
    __table_args__ = (Index("ix_one_time_code_target", "target_tag", "purpose"),)

    id: Mapped[Id]
    purpose: Mapped[CodePurpose]
    target_tag: Mapped[str] = mapped_column(String(64))
    code_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]


class PhoneClaim(Model):
    """A number that an account has proven while another still holds it; one claim for each number.

    The number moves at `due_at`, and not before its holder was told, which is noted in `told_at`.
    """

    __tablename__ = "phone_claim"

    tag: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    phone: Mapped[str] = mapped_column(String(20))
    claimed_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    due_at: Mapped[datetime] = mapped_column(index=True)


class AccountJoin(Model):
    """An account that its owner joined to another one of theirs, and that cannot be used any more.

    `counts_since` is the moment from which the closed account counted as one of a proven person.
    """

    __tablename__ = "account_join"
    __table_args__ = (CheckConstraint("account_id <> into_id", name="two_accounts"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    into_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    counts_since: Mapped[datetime | None]


class TwoStep(Model):
    """The second step of an account's signing in: codes of an app; without a row there is none.

    `last_step` is the 30-second step of the newest code that was used: that code and those before are spent.
    """

    __tablename__ = "two_step"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    sealed_secret: Mapped[str] = mapped_column(String(300))
    since: Mapped[datetime]
    last_step: Mapped[int] = mapped_column(BigId)


class RecoveryCode(Model):
    """A code on paper that stands once for one of the app; only its keyed hash is stored."""

    __tablename__ = "recovery_code"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    used_at: Mapped[datetime | None]
