"""The form on paper, for anybody to print."""

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue

from cps.core import offline
from cps.core.i18n import gettext as _
from cps.core.i18n import localized
from cps.core.security import public
from cps.core.square_code import FAST_MASK, square_code

bp = Blueprint("paper", __name__, url_prefix="/paper")


@bp.get("/complaint")
@public
def complaint() -> ResponseReturnValue:
    """Show the form in the language of the page; one sheet of A4."""
    address = offline.absolute("/complaints/new")
    return render_template(
        "print/paper_blank.html",
        city_name=localized(g.city.name),
        phone=g.city.phone,
        square=square_code(address, title=_("The way to the form on the web"), mask=FAST_MASK),
        address=address,
    )
