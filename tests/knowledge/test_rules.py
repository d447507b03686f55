"""The life of an article, its body and the words that find it, without a database."""

import pytest

from cps.core.errors import RuleViolation
from cps.knowledge import prose, terms
from cps.knowledge.prose import Kind, Piece
from cps.knowledge.rules import (
    ArticleStatus,
    Move,
    check_move,
    check_second_person,
    free_slug,
    is_out_of_date,
    is_slug,
    moves_from,
    slug_of,
)


def test_a_draft_is_reviewed_before_it_is_published() -> None:
    assert moves_from(ArticleStatus.DRAFT) == [Move.SEND, Move.RETIRE]
    with pytest.raises(RuleViolation):
        check_move(Move.PUBLISH, ArticleStatus.DRAFT, "")


def test_sending_back_and_retiring_say_why() -> None:
    check_move(Move.RETURN, ArticleStatus.IN_REVIEW, "The price is old.")
    with pytest.raises(RuleViolation, match="Say why"):
        check_move(Move.RETURN, ArticleStatus.IN_REVIEW, "")
    with pytest.raises(RuleViolation, match="Say why"):
        check_move(Move.RETIRE, ArticleStatus.PUBLISHED, "")


def test_nobody_publishes_what_they_wrote_a_part_of_unless_the_city_lets_authors() -> None:
    assert check_second_person(3, {1, 2}, authors_may=False) is False
    assert check_second_person(1, {1, 2}, authors_may=True) is True
    with pytest.raises(RuleViolation, match="Somebody else"):
        check_second_person(1, {1, 2}, authors_may=False)


def test_a_translation_of_an_earlier_edition_is_out_of_date_and_the_original_never_is() -> None:
    assert is_out_of_date(1, 2)
    assert not is_out_of_date(2, 2)
    assert not is_out_of_date(None, 9)


def test_an_address_is_made_of_plain_letters_and_is_free() -> None:
    assert slug_of("How to get rid of “Büro” chairs?") == "how-to-get-rid-of-buro-chairs"
    assert slug_of("쓰레기") == "answer"
    assert is_slug(slug_of("very " * 40))
    assert free_slug("answer", {"answer", "answer-2"}) == "answer-3"


def test_a_body_has_paragraphs_lists_steps_and_headings() -> None:
    parts = prose.read("One\ntwo\n\n## When\n- a\n- b\n\n1. first\n2) second")

    assert [part.kind for part in parts] == [Kind.PARAGRAPH, Kind.HEADING, Kind.LIST, Kind.STEPS]
    assert [len(part.lines) for part in parts] == [2, 1, 2, 2]


def test_addresses_become_links_without_what_stands_behind_them() -> None:
    (part,) = prose.read("See https://city.test/a, or [the form](/complaints/new).")

    assert part.lines[0] == (
        Piece("See "),
        Piece("https://city.test/a", "https://city.test/a"),
        Piece(", or "),
        Piece("the form", "/complaints/new"),
        Piece("."),
    )


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        "[press](javascript:alert(1))",
        "[press](//elsewhere.test)",
        "[press](/\\elsewhere.test)",
        "[press](data:text/html,x)",
    ],
)
def test_nothing_else_leads_anywhere(body: str) -> None:
    (part,) = prose.read(body)

    assert not any(piece.href for piece in part.lines[0])
    assert "".join(piece.text for piece in part.lines[0]) == body


def test_words_that_only_ask_are_left_out_unless_nothing_else_is_asked() -> None:
    assert [wish.typed for wish in terms.wishes("How do I get rid of an old sofa?")] == ["rid", "old", "sofa"]
    assert [wish.typed for wish in terms.wishes("가로등은 어떻게 신고하나요")] == ["가로등", "신고"]
    assert [wish.typed for wish in terms.wishes("what")] == ["what"]
    assert terms.wishes("?!") == []


def test_a_synonym_of_several_words_is_meant_only_when_all_of_them_are_there() -> None:
    sets = [("bulky waste", "furniture")]

    def stands_for_furniture(question: str) -> bool:
        return any(way.terms == ("furniture",) for wish in terms.wishes(question, sets) for way in wish.ways)

    assert stands_for_furniture("bulky waste")
    assert not stands_for_furniture("garden waste")


def test_a_rare_word_says_more_than_one_that_most_articles_have() -> None:
    wanted = terms.wishes("parking permit")
    rarities = {"parking": terms.rarity(100, 90), "permit": terms.rarity(100, 2)}

    common = terms.Scale(wanted, rarities, 1.0).fit({"parking": 8})
    rare = terms.Scale(wanted, rarities, 1.0).fit({"permit": 8})

    assert rare.score > common.score
    assert common.share < terms.ENOUGH < rare.share
