"""The page client fills forms as a person would, and the lint notices bad pages."""

import pytest
from werkzeug.datastructures import Headers
from werkzeug.test import TestResponse
from werkzeug.wrappers import Request

from tests.support import lint
from tests.support.page import Page

GOOD = """<!doctype html>
<html lang="en" dir="ltr"><head><title>A page – Testford</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>A page</h1>{}</main></body></html>"""

FORM = """<form id="main-form" method="post" action="/x"><input type="hidden" name="csrf_token" value="t">
<label>Words <input name="words" value="old"></label> <label>Other <input name="other" disabled></label>
<label>Size
<select name="size"><option value="s">S</option><option value="m" selected>M</option></select></label>
<label><input type="checkbox" name="kinds" value="a" checked>A</label>
<label><input type="checkbox" name="kinds" value="b">B</label>
<label><input type="checkbox" name="agree" value="y">Yes</label>
<button name="act" value="save">Save</button><button name="act" value="send">Send</button></form>
<form method="get" action="/search"><label>Words <input name="words"></label><button>Find</button></form>"""


def test_a_form_is_sent_with_its_defaults_and_what_was_typed() -> None:
    page = page_of(FORM)

    sent = page.form(names={"words"}).filled({"words": "Hello", "kinds": ["b"], "agree": True}, "Send")

    assert sent.to_dict(flat=False) == {
        "csrf_token": ["t"],
        "size": ["m"],
        "words": ["Hello"],
        "kinds": ["b"],
        "agree": ["y"],
        "act": ["send"],
    }


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [({"role": "administrator"}, "has no"), ({"size": "xxl"}, "does not offer"), ({"kinds": ["z"]}, "offer")],
)
def test_a_form_refuses_what_it_does_not_have(fields: dict[str, object], complaint: str) -> None:
    form = page_of(FORM).form("#main-form")

    with pytest.raises(AssertionError, match=complaint):
        form.filled(fields, None)


def test_a_good_page_has_no_problems() -> None:
    assert lint.problems(GOOD.format(FORM)) == []


@pytest.mark.parametrize(
    ("html", "problem"),
    [
        ("<h1>Again</h1>", "2 h1"),
        ("<h3>Too deep</h3>", "comes after h1"),
        ("<input name='a'>", "no label"),
        ("<b id='x'></b><b id='x'></b>", "2 times"),
        ("<p aria-describedby='no'>x</p>", "leads nowhere"),
        ("<form method='post' action='/x'><button>Go</button></form>", "no csrf_token"),
        ("<form method='get'><button>Go</button></form>", "no action"),
        ("<form method='get' action='/x'></form>", "no button"),
        ("<button type='button'></button>", "no words"),
        ("<a href='/x'><img src='/x.png' alt=''></a>", "no words"),
        ("<img src='/x.png'>", "no alt"),
        ("<p style='color:red'>x</p>", "inline style"),
        ("<p onclick='x()'>x</p>", "inline onclick"),
        ("<a href='javascript:x'>x</a>", "code in its href"),
        ("<script>1</script>", "inline <script>"),
        ("<img src='https://elsewhere.test/x.png' alt=''>", "comes from elsewhere"),
        ("<p>Hello None</p>", "'None' shows"),
        ("<p>{{ name }}</p>", "shows"),
        ("<p>%(name)s</p>", "shows"),
        ("<p><div>x</div></p>", "stands in <p>"),
        ("<div><span>x</div></span>", "closes <span>"),
        ("<div>", "closes <div>"),
        ("<div></div/>", "closes <div>"),
        ("<div/>", "not closed by its slash"),
        ("</br>", "closes nothing"),
        ("<script src='/x.js'>", "<script> is never closed"),
        ("<a href='/x'>x <button type='button'>y</button></a>", "stands in <a>"),
        ("<p class='a' class='b'>x</p>", "twice"),
        ("<fieldset><p>x</p></fieldset>", "no legend"),
        ("<b tabindex='3'>x</b>", "order of the keyboard"),
    ],
)
def test_a_bad_page_is_noticed(html: str, problem: str) -> None:
    assert any(problem in line for line in lint.problems(GOOD.format(html)))


@pytest.mark.parametrize(
    "html",
    [
        "<!-- <div> -->",
        "<p title='a > b' lang=en>3 < 4 > 2</p>",
        "<script src='/x.js'>'</p>' < '<div>'</script>",
        "<svg aria-hidden='true'><path d='M0 0'/></svg>",
        "<P>x<BR></p>",
    ],
)
def test_what_only_looks_like_a_tag_is_none(html: str) -> None:
    assert lint.problems(GOOD.format(html)) == []


def test_words_that_begin_with_none_are_no_leak() -> None:
    assert lint.problems(GOOD.format("<p>None of these</p>")) == []


def page_of(html: str) -> Page:
    response = TestResponse([GOOD.format(html).encode()], "200 OK", Headers(), Request({}))
    response.mimetype = "text/html"
    return Page(response, "/x")
