"""Choosing how large the letters of all pages are."""

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from cps.core.own_path import own_path
from cps.core.security import public
from cps.core.text_size import TEXT_SIZE_COOKIE, TextSize, current_text_size
from cps.pages.forms import TextSizeForm
from cps.pages.views.base import YEAR, bp
from cps.pages.wording import TEXT_SIZES


@bp.get("/text-size")
@public
def text_size() -> ResponseReturnValue:
    """Show the sizes, each as large as it is."""
    sizes = [(size.value, TEXT_SIZES[size], size is current_text_size()) for size in TextSize]
    return render_template("pages/text_size.html", sizes=sizes, next=own_path(request.args.get("next")))


@bp.post("/text-size")
@public
def submit_text_size() -> ResponseReturnValue:
    """Remember the size on this device; then lead back."""
    form = TextSizeForm()
    if form.size.data not in list(TextSize):
        return redirect(url_for("pages.text_size", next=form.next.data or None), 303)
    answer = redirect(form.next.data or url_for("pages.home"), 303)
    answer.set_cookie(
        TEXT_SIZE_COOKIE,
        form.size.data,
        max_age=YEAR,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return answer
