"""What the administrator's pages say of a poll; each dict is keyed by its enum."""

from cps.core.i18n import lazy_gettext as _l
from cps.polls import copies
from cps.polls.checklist import Item
from cps.polls.pabulib.sections import Why as Pabulib
from cps.polls.rules import CountKey, Lines, Method, OptionOrder, PollState, ResultsWhen, TieRule
from cps.polls.voter_list import WhyWrong

STATES = {
    PollState.DRAFT: ("plain", "pencil", _l("In preparation")),
    PollState.OPEN: ("done", "vote", _l("Open")),
    PollState.SUSPENDED: ("waiting", "circle-alert", _l("Interrupted")),
    PollState.CLOSED: ("in-hand", "hourglass", _l("Closed, being counted")),
    PollState.TALLIED: ("in-hand", "calculator", _l("Counted, not published")),
    PollState.PUBLISHED: ("done", "check", _l("Published, provisional")),
    PollState.FINAL: ("done", "check-check", _l("Final")),
    PollState.VOID: ("waiting", "ban", _l("Void")),
}
"""Colour, icon and word of each state."""

METHOD_NAMES = {
    Method.SINGLE: _l("One choice"),
    Method.APPROVAL: _l("Several choices"),
    Method.RANKING: _l("Ranking"),
    Method.BUDGET: _l("Budget"),
}

KEY_NAMES = {
    CountKey.REGISTER: _l("By the register of residents"),
    CountKey.PHONE: _l("By phone number"),
    CountKey.ACCOUNT: _l("By account"),
}

REGISTER_DECIDES = _l(
    "Counted by the register, a vote has the ward and age that stand there. Take this away, or count by phone"
    " number or by account."
)

LISTED_BY = {
    CountKey.REGISTER: _l("One person a line, in the first column: the number in the register."),
    CountKey.PHONE: _l(
        "One person a line, in the first column: the mobile number, as people write it here or with the code"
        " of its country. Whoever has proven it before the poll opened can vote."
    ),
    CountKey.ACCOUNT: _l("One person a line, in the first column: the e-mail address of the account."),
}
"""What a list of voters holds, by what the poll counts."""

LINE_FAULTS = {
    WhyWrong.NAMES_NOBODY: _l("It names nobody."),
    WhyWrong.NOT_IN_REGISTER: _l("The number is not in the register."),
    WhyWrong.GONE: _l("The register says that this person does not live in the city any more."),
}
"""Why a line of a list of voters cannot be used."""

ORDERS = {
    OptionOrder.PUBLISHED: _l("The order of your list, for everybody"),
    OptionOrder.SHUFFLED: _l("Another order for each voter"),
}

TIES = {
    TieRule.REPORT: _l("The tie is reported as one"),
    TieRule.DRAW: _l("A public draw after the close decides"),
}

RESULTS = {
    ResultsWhen.AFTER: _l("Only after the close"),
    ResultsWhen.LIVE: _l("Live, a hundred votes at a time"),
}

LINES = {
    Lines.COUNTS: _l("Counts for everybody, ballots for the witnesses only"),
    Lines.FULL: _l("All ballots for everybody, without names"),
}

ITEMS = {
    Item.TEXTS: _l("Question and options stand in every language of the city"),
    Item.OPTIONS: _l("There are two options or more, each with its cost in a budget"),
    Item.TIMES: _l("Opening and close are set, and the close lies ahead"),
    Item.ELECTORATE: _l("Enough people may vote, or only totals are published"),
    Item.FEW: _l("Ballots are published one by one only where it is known that many may vote"),
    Item.RESULTS: _l("Nobody sees a count before the close"),
    Item.MARKABLE: _l("Published ballots cannot be agreed on beforehand"),
    Item.WITNESSES: _l("Two witnesses outside the city hall are named"),
    Item.OBJECTIONS: _l("It is set where objections go"),
    Item.KEYS: _l("The keys of the poll are made"),
    Item.COPY: _l("A second copy of the keys was read back"),
    Item.REHEARSED: _l("A rehearsal with test ballots went well"),
    Item.UNUSED: _l("No poll was ever opened under this address"),
}
"""The checklist, as each line reads when it is green."""

TO_DO = {
    Item.OPTIONS: _l("Add options; in a budget set what there is to spend and what each costs."),
    Item.TIMES: _l("Set when it opens and closes. The close must lie ahead."),
    Item.ELECTORATE: _l("Fewer than 50 people may vote: mark the poll as sensitive."),
    Item.FEW: _l(
        "Nobody can say how many will vote, and it may be few: publish counts only, or give a list of those"
        " who may vote."
    ),
    Item.RESULTS: _l(
        "The poll is sensitive, or fewer than 50 people may vote: let counts be shown only after the close."
    ),
    Item.MARKABLE: _l(
        "So many different ballots are possible that some could be sold. Better publish counts only."
    ),
    Item.WITNESSES: _l("Name two witnesses, or say that there are none: the poll will say so."),
    Item.OBJECTIONS: _l("Choose the category in which objections are filed."),
    Item.KEYS: _l("Make the keys."),
    Item.COPY: _l("Print or download the second copy, then give it back here."),
    Item.REHEARSED: _l("Run the rehearsal."),
    Item.UNUSED: _l(
        "One was, before this database was restored from an older copy. Clone this draft and open the clone."
    ),
}
"""What to do about a line that is not green."""

COPY_FAULTS = {
    copies.Why.POLL_MISSING: _l("There is no line that names the poll. Give the whole text."),
    copies.Why.LINE_MISSING: _l("Line %(line)s is missing."),
    copies.Why.LINE_WRONG: _l("Line %(line)s is not right. Compare it sign by sign."),
}
"""Why a text is no copy of keys; filled with `line`."""

PABULIB_FAULTS = {
    Pabulib.NOT_UTF8: _l("The file is no text in UTF-8."),
    Pabulib.MALFORMED: _l("Line %(line)s cannot be read."),
    Pabulib.SECTIONS: _l(
        "Line %(line)s: the parts META, PROJECTS and VOTES must stand there, in this order."
    ),
    Pabulib.COLUMN_MISSING: _l("Line %(line)s lacks the column %(detail)s."),
    Pabulib.FIELD_MISSING: _l("Line %(line)s: META lacks %(detail)s."),
    Pabulib.NOT_WHOLE: _l("Line %(line)s: %(detail)s is no whole amount."),
    Pabulib.FIELDS_TOO_FEW_OR_MANY: _l("Line %(line)s has too few or too many columns."),
    Pabulib.NOT_APPROVAL: _l(
        "Line %(line)s: the votes are of the kind “%(detail)s”. Only files with votes of the kind “approval”"
        " can be brought in."
    ),
    Pabulib.REPEATED: _l("Line %(line)s: %(detail)s stands there twice."),
    Pabulib.UNKNOWN_PROJECT: _l("Line %(line)s: there is no project %(detail)s."),
    Pabulib.TOO_FEW: _l("Line %(line)s: there are fewer than the file itself says."),
    Pabulib.TOO_MANY: _l("Line %(line)s: there are more than the file itself says."),
    Pabulib.TOO_EXPENSIVE: _l("Line %(line)s: this vote costs more than the file itself says."),
    Pabulib.COUNTED_OTHERWISE: _l(
        "Line %(line)s does not agree with the rest of the file, which gives %(detail)s."
    ),
}
"""Why a Pabulib file is refused."""
