"""The settings of the web server, but for one: a client may be silent for a second only."""

from cps.core import gunicorn
from cps.core.gunicorn import *  # noqa: F403 - gunicorn reads the names of a module

gunicorn.SILENT_SECONDS = 1
