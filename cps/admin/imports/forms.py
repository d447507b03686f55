"""The forms of files: the file, and what has to be known to read it."""

from typing import Any

from wtforms import BooleanField, FileField, SelectField, StringField
from wtforms.validators import Length

from cps.admin.forms.base import RuleForm
from cps.admin.imports.rules import What
from cps.core.forms import SHORTEN, tidy_line
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.core.table_file import UTF_8

CSV = ".csv,.tsv,.txt,text/csv"
LINES = f"{CSV},.jsonl"
JSON = ".json,application/json"
ENCODINGS = {UTF_8: "UTF-8", "windows-1252": "Windows-1252", "cp949": "CP949"}
LONGEST_SOURCE = 40
LONGEST_COLUMN = 120


class IncomingForm(RuleForm):
    """A file; what else has to be chosen is in the forms below."""

    takes = CSV

    file = FileField(_l("File"), description=_l("At most 20 MB."))

    @property
    def asked(self) -> list[Any]:
        """The fields besides the file, as they stand on the page."""
        hidden = {"file", "form_key", "version"}
        return [field for field in self if field.name not in hidden]

    def wishes(self, mapping: str, mapping_name: str) -> dict[str, Any]:
        """Return what was chosen, for the worker; `mapping` is what a file of that name says."""
        is_json = mapping_name.lower().endswith(".json")
        mapped = {"mapping": mapping, "mapping_is_json": is_json} if "mapping" in self else {}
        chosen = {field.name: field.data for field in self.asked if field.name != "mapping"}
        return {**chosen, **mapped}


def _mapping() -> Any:
    """Return a field for the file that says which column is what."""
    return FileField(_l("Mapping (TOML or JSON)"), description=_l("How to write it stands in the manual."))


class CaseFileForm(IncomingForm):
    """A table of cases, with a mapping or with our own names."""

    mapping = _mapping()
    source = StringField(
        _l("Without a mapping: a word for the earlier system"),
        description=_l("With its number it tells a case from every other. Take the same word each time."),
        filters=[tidy_line],
        validators=[Length(max=LONGEST_SOURCE, message=SHORTEN)],
    )
    encoding = SelectField(
        _l("Without a mapping: how the file was saved"),
        default=UTF_8,
    )
    is_public = BooleanField(
        _l("Without a mapping: put the cases on the public list"),
        description=_l("Of people who wrote before that was so, ask first."),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.encoding.choices = list(ENCODINGS.items())

    def validate(self, *args: Any, **more: Any) -> bool:
        """Return whether there is a mapping, or a word for the earlier system."""
        right = super().validate(*args, **more)
        if right and not self.mapping.data and not self.source.data:
            self.source.errors = [_("Choose a mapping, or write a word for the earlier system.")]
            return False
        return right


class ProposalFileForm(IncomingForm):
    """A file of proposals and its mapping."""

    takes = LINES

    mapping = _mapping()

    def validate(self, *args: Any, **more: Any) -> bool:
        """Return whether there is a mapping."""
        right = super().validate(*args, **more)
        if right and not self.mapping.data:
            self.mapping.errors = [_("Choose a mapping.")]
            return False
        return right


class ArticleFileForm(IncomingForm):
    """A file of articles, what it calls languages, and whether readers see them at once."""

    takes = LINES

    languages = StringField(
        _l("Other names of languages"),
        description=_l("Where the file calls them otherwise, theirs and ours, such as ko-KR=ko."),
        filters=[tidy_line],
        validators=[Length(max=LONGEST_COLUMN, message=SHORTEN)],
    )
    publish = BooleanField(
        _l("Readers see them at once"),
        description=_l("Only where the city has published them before. Else they wait as drafts."),
    )


class CategoryFileForm(IncomingForm):
    """A file of categories."""

    takes = f"{CSV},{JSON}"


class PackForm(IncomingForm):
    """A city pack."""

    takes = JSON


def _column(label: Any, hint: Any) -> Any:
    """Return a field for what a column is called."""
    return StringField(
        label,
        description=hint,
        filters=[tidy_line],
        validators=[Length(max=LONGEST_COLUMN, message=SHORTEN)],
    )


class RegisterForm(IncomingForm):
    """A register of residents, and what its columns are called."""

    number = _column(_l("Column of the number"), _l("Where it is called otherwise than “number”."))
    ward = _column(_l("Column of the ward"), _l("Where it is called otherwise than “ward”."))
    born = _column(_l("Column of the birth date"), _l("Where it is called otherwise than “birth date”."))
    full = BooleanField(
        _l("The file has everybody"),
        description=_l("Who is missing has left the register, and cannot vote. No row may be wrong then."),
    )

    def wishes(self, mapping: str, mapping_name: str) -> dict[str, Any]:
        """Return the names of columns that were written, and whether everybody is in the file."""
        chosen = super().wishes(mapping, mapping_name)
        return {
            "columns": {name: chosen[name] or "" for name in ("number", "ward", "born")},
            "full": chosen["full"],
        }


class CardFileForm(IncomingForm):
    """A file of cards."""

    full = BooleanField(
        _l("The file has every card"),
        description=_l("Cards that are missing open nothing any more. No row may be wrong then."),
    )


class TakeForm(RuleForm):
    """Whether wrong rows are left out."""

    skips = BooleanField(_l("Leave the wrong rows out"))


FORMS: dict[What, type[IncomingForm]] = {
    What.CASES: CaseFileForm,
    What.PROPOSALS: ProposalFileForm,
    What.ARTICLES: ArticleFileForm,
    What.CATEGORIES: CategoryFileForm,
    What.PACK: PackForm,
    What.RESIDENTS: RegisterForm,
    What.CARDS: CardFileForm,
}
