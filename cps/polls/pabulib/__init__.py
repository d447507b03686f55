"""Participatory budgets in the format of Pabulib, `.pb` (https://pabulib.org/format), with approval ballots.

UTF-8 text of three sections, META, PROJECTS and VOTES; each has a line with its columns, fields are parted by
semicolons and quoted as in CSV.
"""

from cps.polls.pabulib.reading import Instance, PabulibError, Project, Why, read
from cps.polls.pabulib.writing import write

__all__ = ["Instance", "PabulibError", "Project", "Why", "read", "write"]
