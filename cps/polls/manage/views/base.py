"""The blueprint of the pages on which administrators run polls."""

from flask import Blueprint

bp = Blueprint("manage_polls", __name__, url_prefix="/admin/polls")
