"""Keys of other programs in the demo city: one that everybody knows, to try Open311, and a revoked one."""

from datetime import timedelta

from cps.core.db import db
from cps.core.keys import hashed_token
from cps.demo.plan import PASSWORD
from cps.demo.world import World
from cps.open311.models import ApiKey

YEAR = timedelta(days=365)


def make(world: World) -> None:
    """Add the keys; production refuses the whole database."""
    db.session.add_all(
        [
            ApiKey(
                client="Report It",
                contact="apps@aurelia.example",
                media_host="photos.aurelia.example",
                key_hash=hashed_token(PASSWORD),
                created_at=world.now - YEAR / 4,
            ),
            ApiKey(
                client="Old Quay neighbours",
                contact="board@old-quay.example",
                key_hash=hashed_token("nobody has this one any more"),
                created_at=world.now - YEAR,
                revoked_at=world.now - YEAR / 2,
            ),
        ]
    )
    db.session.flush()
