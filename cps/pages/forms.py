"""What people choose on these pages."""

from wtforms import HiddenField

from cps.core.forms import Form
from cps.core.own_path import own_path


class LanguageForm(Form):
    """The language to read in, and where to go on."""

    language = HiddenField()
    next = HiddenField(filters=[own_path])


class TextSizeForm(Form):
    """How large the letters shall be, and where to go on."""

    size = HiddenField()
    next = HiddenField(filters=[own_path])
