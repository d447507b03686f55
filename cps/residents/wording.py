"""What pages and commands say of numbers, birth dates and proofs."""

from cps.accounts.rules import IdentityKind
from cps.core.i18n import lazy_gettext as _l
from cps.residents.rules import LETTER_TRIES, LONGEST_NUMBER, OLDEST, Claim, CounterFault, Fault

FAULTS = {
    Fault.NO_NUMBER: _l("The number is empty."),
    Fault.LONG_NUMBER: _l("The number has more than %(most)s signs.", most=LONGEST_NUMBER),
    Fault.NO_NAME: _l("The name is empty."),
    Fault.NO_DATE: _l("The birth date is empty."),
    Fault.NOT_A_DATE: _l("The birth date is no date of the form 1990-05-17."),
    Fault.DAY_OR_MONTH: _l("Which is the day, which the month? Write the year first, like 1990-05-17."),
    Fault.IN_FUTURE: _l("The birth date lies in the future."),
    Fault.TOO_OLD: _l("The birth date is more than %(years)s years ago.", years=OLDEST),
}
"""What is wrong with a number or a birth date."""

CLAIMS = {
    Claim.WRONG: _l(
        "This code and this birth date do not go together, or the code was used already."
        " Look at both again, letter by letter."
    ),
    Claim.LAPSED: _l("This letter is too old. Ask the city for a new one, or come to a counter."),
    Claim.TRIED_OUT: _l(
        "This letter was tried %(times)s times with another birth date and does not work any more."
        " Ask the city for a new one, or come to a counter.",
        times=LETTER_TRIES,
    ),
    Claim.HAS_ANOTHER: _l("Your account has shown already that you are in the register."),
}
"""Why a letter did not help."""

COUNTER_FAULTS = {
    CounterFault.OWN_ACCOUNT: _l("You cannot verify your own account. Ask a colleague."),
    CounterFault.NOT_LISTED: _l(
        "This number is not in the register. Read it once more; new residents come with the next import."
    ),
    CounterFault.NO_WARD: _l("Choose the ward of the person’s address."),
    CounterFault.GONE: _l("The register says that this person does not live in the city any more."),
    CounterFault.OTHER_DATE: _l("The register has another birth date for this number. Read both once more."),
    CounterFault.TAKEN: _l(
        "Another account has shown to be this person. The person can sign in to that one, and join the two"
        " under Me; ask an administrator if they cannot."
    ),
    CounterFault.KNOWN: _l("This account has shown this document already."),
    CounterFault.HAS_ANOTHER: _l("This account has shown already that its owner is in the register."),
}
"""Why a clerk cannot verify somebody."""

DOCUMENTS = {
    IdentityKind.CARD: _l("A document or card with a number: passport, residence permit, card of the city"),
    IdentityKind.IN_PERSON: _l("A document without a number"),
}
"""What a clerk may have before them that is not of the register."""
