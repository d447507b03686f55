"""The tables behind the map: counted cells of several sizes, and what is not counted in yet."""

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from cps.cases.rules import CaseKind
from cps.core.db import BigId, Id, Model

ALL = 0
"""In place of a category or ward: of all of them together; no row has this id."""


class MapCell(Model):
    """How many cases of one kind a cell of the map holds, by colour; see `cps.cases.services.map_counting`.

    Cells are Web Mercator tiles of zoom `level`. Category and ward are ids, 0 for all of them together.
    `lat_e6` and `lon_e6` are the sums of the positions in millionths of a degree.
    """

    __tablename__ = "map_cell"
    __table_args__ = ({"sqlite_with_rowid": False},)

    kind: Mapped[CaseKind] = mapped_column(primary_key=True)
    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    category_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    ward_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    x: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    y: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    waiting: Mapped[int]
    in_hand: Mapped[int]
    done: Mapped[int]
    lat_e6: Mapped[int] = mapped_column(BigInteger)
    lon_e6: Mapped[int] = mapped_column(BigInteger)


class MapChange(Model):
    """One case that came to a cell of the finest level or left it, and is not yet counted in `MapCell`.

    Written by triggers of the database in the transaction that changes the case; the ward is 0 where a case
    has none.
    """

    __tablename__ = "map_change"

    id: Mapped[Id]
    kind: Mapped[CaseKind]
    category_id: Mapped[int] = mapped_column(BigId)
    ward_id: Mapped[int] = mapped_column(BigId)
    x: Mapped[int]
    y: Mapped[int]
    waiting: Mapped[int]
    in_hand: Mapped[int]
    done: Mapped[int]
    lat_e6: Mapped[int] = mapped_column(BigInteger)
    lon_e6: Mapped[int] = mapped_column(BigInteger)
