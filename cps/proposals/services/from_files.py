"""A file of proposals, read whole before anything is written."""

from datetime import datetime
from typing import BinaryIO

from cps.core.table_file import at_most
from cps.core.wrong_rows import WrongRows
from cps.departments import queries as departments
from cps.departments.rules import CategoryKind
from cps.proposals.importing.mapping import ProposalMapping
from cps.proposals.importing.rows import ProposalRow, RowReader


def read(
    file: BinaryIO, mapping: ProposalMapping, *, is_lines: bool, at: datetime, most: int | None = None
) -> tuple[list[ProposalRow], WrongRows]:
    """Look at every row of a table or of JSON Lines; returns those that are right, and the others."""
    codes = {
        one.code for one in departments.catalogue().categories.values() if one.kind is CategoryKind.PROPOSAL
    }
    reader = RowReader(mapping, codes.__contains__, at)
    right: list[ProposalRow] = []
    wrong = WrongRows()
    for row in at_most(reader.rows(file, is_lines=is_lines), most):
        if isinstance(row, ProposalRow):
            right.append(row)
        else:
            wrong.add(*row)
    return right, wrong
