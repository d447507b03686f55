"""Forms: cleaned text, messages in the reader's language, keys that are spent once."""

import threading
from io import BytesIO

import pytest
from flask import Flask
from wtforms import (
    FieldList,
    FileField,
    FormField,
    MultipleFileField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms import Form as PlainForm
from wtforms.validators import InputRequired, Length

from cps.core import clock, forms, i18n
from cps.core.db import db, transaction
from cps.core.forms import (
    LONGEST_READ,
    Form,
    OnceForm,
    VersionedForm,
    spend_key,
    tidy_line,
    tidy_text,
    used_key,
)
from cps.core.models import FormKey


class Stop(PlainForm):
    name = StringField("Name", [InputRequired()])


class Letter(Form):
    subject = StringField("Subject", [InputRequired(), Length(max=10)], filters=[tidy_line])
    words = TextAreaField("Words", [Length(max=20)], filters=[tidy_text])
    stops = FieldList(FormField(Stop))


class NewLetter(OnceForm):
    subject = StringField("Subject", [InputRequired()])


class OldLetter(VersionedForm):
    subject = StringField("Subject")


def filled(app: Flask, form: type[Form], **fields: str) -> Form:
    with app.test_request_context(method="POST", data=fields):
        letter = form()
        letter.validate()
        return letter


@pytest.mark.one_database("shapes of input")
def test_lines_and_texts_are_cleaned_before_they_are_measured(app: Flask) -> None:
    letter = filled(app, Letter, subject=" a\u202e\x00b\n c ", words="x \r\ny\x00  ")

    assert letter.data["subject"] == "ab c"
    assert letter.data["words"] == "x\ny"
    assert letter.problems() == []


@pytest.mark.one_database("shapes of input")
def test_problems_come_in_the_order_of_the_fields_with_the_field_they_belong_to(app: Flask) -> None:
    letter = filled(app, Letter, words="x" * 21, **{"stops-0-name": ""})

    assert [field.name for field, _message in letter.problems()] == ["subject", "words", "stops"]
    assert all(message for _field, message in letter.problems())


@pytest.mark.one_database("wording")
def test_messages_are_in_the_readers_language(app: Flask) -> None:
    with app.test_request_context(method="POST", data={}):
        i18n.use_language("pseudo")
        letter = Letter()
        letter.validate()
        message = letter.problems()[0][1]

    assert message.startswith("[")


@pytest.mark.one_database("shapes of input")
def test_a_text_that_is_far_too_long_is_refused_and_stays_as_it_was_typed(app: Flask) -> None:
    words = "word\x00 " * LONGEST_READ

    letter = filled(app, Letter, subject="one ", words=words)

    assert [field.name for field, _message in letter.problems()] == ["words"]
    assert letter.data["words"] == words
    assert letter.data["subject"] == "one"


@pytest.mark.one_database("shapes of input")
def test_a_text_that_is_far_too_long_is_refused_where_no_length_is_said(app: Flask) -> None:
    longest = filled(app, NewLetter, subject="x" * LONGEST_READ)
    longer = filled(app, NewLetter, subject="x" * (LONGEST_READ + 1))

    assert longest.problems() == []
    assert [message for _field, message in longer.problems()] == ["This is too long. Please shorten it."]


@pytest.mark.one_database("shapes of input")
def test_a_field_that_was_sent_as_a_number_of_texts_keeps_the_first(app: Flask) -> None:
    with app.test_request_context(method="POST", data={"subject": ["one", "two"]}):
        letter = Letter()

        assert letter.validate()
        assert letter.subject.data == "one"


@pytest.mark.one_database("shapes of input")
@pytest.mark.parametrize("version", ["", "x", "1.5", "\x00"])
def test_a_version_that_is_no_number_is_a_problem(app: Flask, version: str) -> None:
    letter = filled(app, OldLetter, version=version)

    assert [field.name for field, _message in letter.problems()][:1] == ["version"] or letter.data[
        "version"
    ] is None


@pytest.mark.one_database("shapes of input")
def test_every_new_form_has_another_key_and_a_sent_one_keeps_its_own(app: Flask) -> None:
    with app.test_request_context():
        first, second = NewLetter(), NewLetter()
    sent = filled(app, NewLetter, form_key="the-key")

    assert len(first.form_key.data) >= 20
    assert first.form_key.data != second.form_key.data
    assert sent.data["form_key"] == "the-key"


def test_a_key_can_be_spent_once_and_leads_to_its_first_use(app: Flask) -> None:
    with transaction():
        first = spend_key("k", purpose="letter", leads_to="/first", at=clock.now())
        second = spend_key("k", purpose="letter", leads_to="/second", at=clock.now())

    assert (first, second) == (True, False)
    assert used_key("k") == "/first"
    assert used_key("another") is None


def test_a_key_is_not_spent_when_the_act_fails(app: Flask) -> None:
    with pytest.raises(ZeroDivisionError):
        spend_and_fail()

    assert used_key("k") is None


def test_what_is_stored_of_a_key_does_not_tell_it(app: Flask) -> None:
    with transaction():
        spend_key("a key nobody should read", purpose="letter", leads_to="/", at=clock.now())

    row = db.session.scalars(db.select(FormKey)).one()
    assert "key nobody" not in row.key_hash


def test_of_two_who_send_the_same_form_at_once_one_is_told(app: Flask) -> None:
    answers: list[bool] = []

    def send() -> None:
        with app.app_context(), transaction():
            answers.append(spend_key("same", purpose="letter", leads_to="/", at=clock.now()))

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [False, False, False, True]


def spend_and_fail() -> None:
    with transaction():
        spend_key("k", purpose="letter", leads_to="/", at=clock.now())
        raise ZeroDivisionError


class Sending(Form):
    photos = MultipleFileField("Photos")
    voice = FileField("Voice")


def test_the_mere_name_of_a_file_is_no_file(app: Flask) -> None:
    with app.test_request_context(method="POST", data={"photos": ["hole.jpg", "road.jpg"], "voice": "a.wav"}):
        form = Sending()
    assert (form.photos.data, form.voice.data) == ([], None)

    sent = {"photos": [(BytesIO(b"1"), "hole.jpg")], "voice": (BytesIO(b"2"), "a.wav")}
    with app.test_request_context(method="POST", data=sent):
        form = Sending()
    assert [photo.filename for photo in form.photos.data] == ["hole.jpg"]
    assert form.voice.data.filename == "a.wav"


class Choosing(Form):
    colour = SelectField("Colour", validate_choice=False)


def written(app: Flask, colour: str) -> str:
    """Return the list of a form to which this colour was sent."""
    with app.test_request_context(method="POST", data={"colour": colour}):
        form = Choosing()
        form.colour.choices = [("red", "Red"), ("blue", "Blue")]
        return str(form.colour())


def test_megabytes_sent_as_a_choice_are_not_remembered(app: Flask) -> None:
    forms._options.cache_clear()

    for number in range(3):
        assert "selected" not in written(app, f"{number}" * LONGEST_READ)

    assert '<option selected value="blue">' in written(app, "blue")
    assert forms._options.cache_info().currsize == 2


def test_a_form_that_is_shown_again_carries_on_with_the_version_that_stands_now(app: Flask) -> None:
    with app.test_request_context(method="POST", data={"version": "3"}):
        form = VersionedForm()
        assert (form.version.data, 'value="3"' in str(form.version())) == (3, True)
        form.version.data = 4
        assert 'value="4"' in str(form.version())
