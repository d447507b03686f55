"""Keeping the words by which articles are found, in the transaction that changes what readers see."""

from collections.abc import Iterable

from sqlalchemy import delete

from cps.core.db import db
from cps.core.upsert import insert_into
from cps.core.word_forms import keys
from cps.knowledge import terms
from cps.knowledge.models import ArticleTerm, ArticleText, ArticleWord

AT_ONCE = 500


def index(article_id: int, texts: Iterable[ArticleText]) -> None:
    """Let an article be found by the words of these texts alone."""
    take_out_of_index(article_id)
    weights: dict[str, int] = {}
    spelled: set[str] = set()
    for text in texts:
        for term, weight in terms.terms_of(text.title, text.words, text.body).items():
            weights[term] = max(weight, weights.get(term, 0))
        spelled |= terms.spelled_words(text.title, text.words, text.body)
    rows = [
        {"term": term, "weight": weight, "article_id": article_id} for term, weight in sorted(weights.items())
    ]
    if rows:
        db.session.execute(insert_into(ArticleTerm), rows)
    _keep_spelled(spelled)


def take_out_of_index(article_id: int) -> None:
    """Let an article be found no more. Its words stay known for slips of the pen."""
    gone = delete(ArticleTerm).where(ArticleTerm.article_id == article_id)
    db.session.execute(gone.execution_options(synchronize_session=False))


def _keep_spelled(words: Iterable[str]) -> None:
    rows = [{"key": key, "word": word} for word in sorted(words) for key in sorted(keys(word))]
    for start in range(0, len(rows), AT_ONCE):
        statement = insert_into(ArticleWord).on_conflict_do_nothing(index_elements=["key", "word"])
        db.session.execute(statement, rows[start : start + AT_ONCE])
