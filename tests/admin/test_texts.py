"""The page for translators: what is missing in each language, and what no speaker has read."""

from datetime import date
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from cps.admin import catalogs
from scripts import texts
from tests.support import factories
from tests.support.site import Site

TEXTS = "/admin/texts"


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Catalogs in a folder of their own, so that those of the program stay as they are."""
    monkeypatch.setattr(texts, "CATALOGS", tmp_path)
    monkeypatch.setattr(catalogs, "TRANSLATIONS", tmp_path)
    return tmp_path


def reviewed(source: str, translation: str) -> Catalog:
    catalog = Catalog(locale="es")
    catalog.add(source, translation)
    catalog.add("No text of the program", "Nada")
    return catalog


def test_a_page_names_every_language_with_a_catalog(site: Site) -> None:
    site.sign_in(factories.make_administrator())

    page = site.get(TEXTS)

    assert {"한국어", "Español", "العربية"} <= set(page.all("main .rules a"))


def test_a_language_shows_the_texts_that_no_speaker_has_read(site: Site) -> None:
    site.sign_in(factories.make_administrator())

    page = site.get(f"{TEXTS}/es?show=unreviewed")

    assert len(page.all("dl.texts > div")) == 50
    assert page.value_of("dl.texts > div:first-child dd", "lang") == "es"


def test_the_file_for_a_translator_is_the_catalog(site: Site) -> None:
    site.sign_in(factories.make_administrator())

    with site.client.get(f"{TEXTS}/es.po") as answer:
        assert answer.data == catalogs.file_of("es").read_bytes()


@pytest.mark.parametrize("language", ["xx", "en", ".."])
def test_a_language_without_a_catalog_has_no_page(site: Site, language: str) -> None:
    site.sign_in(factories.make_administrator())

    assert site.client.get(f"{TEXTS}/{language}").status_code == 404


@pytest.mark.usefixtures("kept")
def test_what_a_speaker_has_reviewed_replaces_ours_and_says_who() -> None:
    taken = texts.take_over("es", reviewed("Continue", "Continuar"), by="Ana", on=date(2026, 11, 27))

    found = {text.source[0]: text for text in catalogs.texts_of("es")}
    assert taken == 1
    assert (found["Continue"].translation, found["Continue"].reviewed) == (("Continuar",), "Ana, 2026-11-27")


@pytest.mark.usefixtures("kept")
def test_a_review_is_kept_when_the_catalog_is_brought_up_to_date() -> None:
    texts.take_over("es", reviewed("Continue", "Continuar"), by="Ana", on=date(2026, 11, 27))

    texts.update("es")

    assert [text.source for text in catalogs.texts_of("es") if text.reviewed] == [("Continue",)]
