"""What a city sets for its proposals, as it stands in the settings of the city."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cps.proposals.rules.kinds import Assurance

SETTING = "proposals"


@dataclass(frozen=True, slots=True)
class Settings:
    """Who may support, and whether an answer needs a second reader before it is published."""

    assurance: Assurance = Assurance.ADDRESS
    second_reader: bool = False

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> "Settings":
        """Read them; what is missing or not understood is as when nothing was set."""
        kept = settings.get(SETTING)
        kept = kept if isinstance(kept, Mapping) else {}
        asked = kept.get("assurance")
        assurance = Assurance(asked) if asked in {one.value for one in Assurance} else cls().assurance
        return cls(assurance, kept.get("second_reader") is True)

    def written(self) -> dict[str, Any]:
        """Return them as they are kept."""
        return {"assurance": self.assurance.value, "second_reader": self.second_reader}
