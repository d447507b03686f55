import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cps.core.search import (
    FTS5_TOKENIZE,
    PREFIX,
    fts5_query,
    query_tokens,
    search_text,
    tokens,
    tsquery_text,
)

TEXTS = {
    "ko": "행복동 12번지 가로등이 며칠째 꺼져 있습니다. LED등으로 바꿔 주세요.",
    "ko2": "상수도관이 터져서 물이 도로에 흐르고 있어요",
    "th": "ไฟถนนหน้าโรงเรียนดับมาสามวันแล้ว น้ำท่วมขัง",
    "id": "Lampu jalan di depan sekolah mati sejak tiga hari, jalan berlubang",
    "ar": "أعمدة الإنارة في الشارع الرئيسي مُطفأة منذ ثلاثة أيام رقم ١٢",
    "vi": "Đèn đường trước trường học bị hỏng, rác thải ngập đường phố",
    "fr": "L'éclairage de la rue Émile est cassé; un cœur de bœuf",
    "ja": "道路に大きな穴があいています。コンビニの前です",
    "ne": "सडकको बत्ती निभेको छ",
    "en": "The street-light's been dark since 2026-11-20; Straße near the café, O'Brien's (ﬁrst floor)",
}


@pytest.fixture(scope="module")
def index() -> sqlite3.Connection:
    database = sqlite3.connect(":memory:")
    database.execute(f"CREATE VIRTUAL TABLE found USING fts5(words, tokenize = '{FTS5_TOKENIZE}')")
    database.executemany(
        "INSERT INTO found(rowid, words) VALUES (?, ?)",
        [(number, search_text(text)) for number, text in enumerate(TEXTS.values())],
    )
    return database


def found(index: sqlite3.Connection, query: str) -> list[str]:
    rows = index.execute("SELECT rowid FROM found WHERE found MATCH ?", [fts5_query(query_tokens(query))])
    return [list(TEXTS)[row] for (row,) in sorted(rows)]


@pytest.mark.parametrize(
    ("query", "languages"),
    [
        # Korean: two syllables inside longer words, one syllable anywhere in a word, particles, mixed words
        ("가로등", ["ko"]),
        ("로등", ["ko"]),
        ("수도", ["ko2"]),
        ("도로", ["ko2"]),
        ("물", ["ko2"]),
        ("관", ["ko2"]),
        ("led등", ["ko"]),
        ("행복동 12", ["ko"]),
        ("가로등이 도로", []),
        ("\u1112\u1162\u11bc\u1107\u1169\u11a8", ["ko"]),  # typed as parts of syllables
        # Thai: no spaces, marks kept
        ("ถนน", ["th"]),
        ("โรงเรียน", ["th"]),
        ("น้ำท่วม", ["th"]),
        ("นำทวม", []),
        # alphabets: whole words, the last one may be unfinished
        ("lampu jalan", ["id"]),
        ("berlub", ["id"]),
        ("lubang", []),
        ("lam jalan", []),
        ("JALAN sekolah", ["id"]),
        # Arabic: with and without the article, vowel marks, kinds of alef, digits
        ("شارع", ["ar"]),
        ("الشارع", ["ar"]),
        ("انارة", ["ar"]),
        ("مطفأة", ["ar"]),
        ("12", ["ko", "ar"]),
        ("۱۲", ["ko", "ar"]),
        # accents, ligatures, letters that stand for others
        ("den duong", ["vi"]),
        ("đèn đường", ["vi"]),
        ("eclairage", ["fr"]),
        ("ÉCLAIRAGE", ["fr"]),
        ("coeur bœuf", ["fr"]),
        ("strasse", ["en"]),
        ("cafe", ["en"]),
        ("first", ["en"]),
        ("ｄａｒｋ", ["en"]),
        ("street-light", ["en"]),
        ("o'brien", ["en"]),
        ("2026-11-20", ["en"]),
        # Japanese and Devanagari
        ("穴", ["ja"]),
        ("道路", ["ja"]),
        ("ｺﾝﾋﾞﾆ", ["ja"]),
        ("बत्ती", ["ne"]),
        ("बत", ["ne"]),
        ("बती", []),
    ],
)
def test_a_query_finds_the_texts_that_have_all_its_words(
    index: sqlite3.Connection, query: str, languages: list[str]
) -> None:
    assert found(index, query) == languages


def test_korean_is_cut_into_pairs_and_its_last_syllable() -> None:
    assert tokens("가로등이") == ["가로", "로등", "등이", "이"]


def test_english_words_stay_whole_and_in_order() -> None:
    assert tokens("The lamp, the LAMP!") == ["the", "lamp", "the", "lamp"]


def test_thai_syllables_keep_their_marks() -> None:
    assert tokens("ก็ดี่") == ["ก็ดี่", "ดี่"]


def test_joiners_and_soft_hyphens_do_not_part_a_word() -> None:
    assert tokens("in\u00advoice می\u200cخواهم") == ["invoice", "ميخواهم"]


def test_an_endless_word_is_cut_to_sixty_bytes() -> None:
    assert [len(t.encode()) for t in tokens("a" * 500 + " " + "é" * 500 + " " + "अ" * 500)] == [60, 60, 60]


def test_an_endless_word_is_still_found_by_itself(index: sqlite3.Connection) -> None:
    assert query_tokens("a" * 150, complete_last=False) == tokens("a" * 150)


def test_search_text_has_each_word_once() -> None:
    assert search_text("lamp post lamp", None, "", "post box") == "lamp post box"


def test_search_text_is_cut_between_words() -> None:
    assert search_text("lamp post box", length=10) == "lamp post"
    assert search_text("lamp post box", length=9) == "lamp post"
    assert search_text("lamp post box", length=8) == "lamp"
    assert search_text("lamp post box", length=3) == ""


def test_the_last_word_may_be_unfinished_unless_it_is_a_number_or_the_caller_says_no() -> None:
    assert query_tokens("dark stre") == ["dark", "stre*"]
    assert query_tokens("dark stre", complete_last=False) == ["dark", "stre"]
    assert query_tokens("flat 12") == ["flat", "12"]


@pytest.mark.parametrize("query", ["", "   ", "!?", '"', "*", "-", "\0", "🚧"])
def test_where_nothing_can_be_searched_there_are_no_words(query: str) -> None:
    assert query_tokens(query) == []
    assert fts5_query(query_tokens(query)) == ""


def test_only_the_beginning_of_an_endless_query_counts() -> None:
    assert len(query_tokens("ab " * 100_000)) <= 2
    assert query_tokens("x" + "\u0301\u0323" * 500_000)


@pytest.mark.parametrize(
    "query", ['a" OR "b', "a NOT b", "NEAR(a b)", "words:a", "a*", "^a", "(a", "a\\", "a'b", "AND"]
)
def test_signs_and_words_of_the_query_language_mean_nothing(index: sqlite3.Connection, query: str) -> None:
    assert found(index, query) is not None


@given(st.text())
def test_words_have_no_signs_and_no_great_length(text: str) -> None:
    for token in tokens(text):
        assert token
        assert not set(token) & set(" \t\n\"'*:&|!()<>\\-")
        assert len(token.encode()) <= 60


@given(st.text(max_size=60))
def test_a_text_is_found_by_itself(text: str) -> None:
    words = set(tokens(text))

    for token in query_tokens(text):
        start = token.removesuffix(PREFIX)
        assert start in words or (token != start and any(word.startswith(start) for word in words))


@given(st.text(max_size=60))
def test_fts5_understands_every_query(text: str) -> None:
    query = fts5_query(query_tokens(text))
    database = sqlite3.connect(":memory:")
    try:
        database.execute(f"CREATE VIRTUAL TABLE found USING fts5(words, tokenize = '{FTS5_TOKENIZE}')")
        database.execute("INSERT INTO found(words) VALUES (?)", [search_text(text)])
        if query:
            assert database.execute("SELECT count(*) FROM found WHERE found MATCH ?", [query]).fetchone() == (
                1,
            )
    finally:
        database.close()


def test_a_tsquery_quotes_its_words() -> None:
    assert tsquery_text(query_tokens("가로등 street")) == "'가로' & '로등' & 'street':*"
    assert tsquery_text(["it's", "back\\slash"]) == "'it''s' & 'back\\\\slash'"
