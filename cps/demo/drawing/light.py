"""The time of day: what colours the sky and everything below it take."""

import random
from dataclasses import dataclass
from typing import Final

from cps.demo.drawing.canvas import Colour, mix


@dataclass(frozen=True, slots=True)
class Light:
    """One time of day. Things are tinted towards `ambient` by `share`; `dark` lights the windows."""

    sky_top: Colour
    sky_bottom: Colour
    sun: Colour
    ambient: Colour
    share: float
    dark: bool = False
    clouds: int = 3

    def on(self, colour: Colour) -> Colour:
        """The colour of a thing as it looks in this light."""
        return mix(colour, self.ambient, self.share)

    def far(self, colour: Colour, distance: float) -> Colour:
        """The colour of a thing that the air between has paled; distance 1 is the horizon."""
        return mix(self.on(colour), self.sky_bottom, distance)


MORNING: Final = Light((142, 190, 214), (255, 231, 203), (255, 246, 220), (255, 214, 170), 0.12)
NOON: Final = Light((104, 178, 219), (223, 241, 243), (255, 252, 235), (255, 255, 255), 0.03)
AFTERNOON: Final = Light((125, 188, 205), (252, 236, 200), (255, 240, 190), (255, 222, 150), 0.10)
OVERCAST: Final = Light((159, 176, 186), (219, 226, 225), (232, 236, 234), (150, 168, 178), 0.22, clouds=6)
EVENING: Final = Light((92, 98, 150), (250, 178, 140), (255, 214, 150), (150, 92, 120), 0.30, dark=True)
NIGHT: Final = Light((17, 27, 58), (52, 74, 112), (244, 240, 214), (20, 34, 74), 0.62, dark=True, clouds=1)

DAYS: Final = (MORNING, NOON, AFTERNOON, OVERCAST, NOON, AFTERNOON, EVENING)


def any_daytime(rng: random.Random) -> Light:
    """A light in which one can see what is broken."""
    return rng.choice(DAYS)
