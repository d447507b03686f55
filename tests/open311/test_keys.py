"""Keys of other programs: made and revoked by administrators and on the console, shown once."""

from flask import Flask
from sqlalchemy import select

from cps.core.db import db
from cps.core.keys import hashed_token
from cps.core.models import AuditRow
from cps.open311 import queries
from cps.open311.commands import open311_group
from cps.open311.models import ApiKey
from tests.open311.support import make_key
from tests.support import factories as make
from tests.support.site import Site

FORM = {"client": "Fix It", "contact": "apps@example.org", "media_host": "https://Photos.example.org/all"}


def keys() -> list[ApiKey]:
    return list(db.session.scalars(select(ApiKey).order_by(ApiKey.id)))


def test_an_administrator_makes_a_key_sees_it_once_and_revokes_it(site: Site) -> None:
    site.sign_in(make.make_administrator())
    make_key("Another")

    assert (
        "Write the name."
        in site.submit("/admin/open311", **{**FORM, "client": ""}, form="/admin/open311").text
    )
    page = site.submit("/admin/open311", **FORM, form="/admin/open311")
    shown, (_other, key) = page.text_of("#new-key"), keys()
    listed = site.get("/admin/open311")

    assert page.header("Cache-Control") == "no-store"
    assert key.key_hash == hashed_token(shown)
    assert (key.client, key.media_host) == ("Fix It", "photos.example.org")
    assert shown not in listed.html
    assert "nothing filed yet" in listed.text

    site.submit(listed, form=f"/admin/open311/{key.id}/revoke")

    db.session.expire_all()
    assert queries.usable_key(shown) is None
    assert [key.revoked_at is None for key in keys()] == [True, False]
    actions = list(db.session.scalars(select(AuditRow.action).order_by(AuditRow.id)))
    assert actions[-2:] == ["make-api-key", "revoke-api-key"]
    assert shown not in str([row.changes for row in db.session.scalars(select(AuditRow))])


def test_the_console_makes_lists_and_revokes_keys(app: Flask) -> None:
    run = app.test_cli_runner()

    made = run.invoke(open311_group, ["key", "add", "Fix It", "--contact", "apps@example.org"])
    (key,) = keys()

    assert key.key_hash == hashed_token(made.output.removeprefix("key ").strip())
    assert "in use  Fix It" in run.invoke(open311_group, ["key", "list"]).output
    assert run.invoke(open311_group, ["key", "revoke", str(key.id)]).output == "revoked\n"
    assert "revoked Fix It" in run.invoke(open311_group, ["key", "list"]).output
    assert run.invoke(open311_group, ["key", "revoke", "99"]).exit_code == 1
    assert run.invoke(open311_group, ["key", "add", "", "--contact", "x"]).exit_code == 2
