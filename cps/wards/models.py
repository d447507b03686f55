"""Wards: the areas of the city."""

from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from cps.core.db import Id, Json, Model


class Ward(Model):
    """One area of the city, with or without a polygon.

    `geometry` is a GeoJSON Polygon or MultiPolygon in WGS84 (longitude, latitude), or empty.
    """

    __tablename__ = "ward"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[dict[str, str]]
    geometry: Mapped[dict[str, Any] | None] = mapped_column(Json)
    population: Mapped[int | None]
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}
