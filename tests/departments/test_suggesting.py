"""What words tell of a category: counted, weighed, measured on what came later."""

from cps.departments.suggesting import (
    FEWEST_CASES,
    RAREST,
    Band,
    Learned,
    Measured,
    learn,
    measure,
    words_of,
)


def example(text: str, category: str) -> tuple[frozenset[str], str]:
    return words_of(text), category


LAMP, HOLE = example("The lamp is dark", "lamp"), example("The hole is deep", "road")


def test_the_words_of_sorted_complaints_suggest_the_category_with_how_sure_they_are() -> None:
    learned = learn([LAMP] * 20 + [HOLE] * 20)

    first, second = learned.suggest(words_of("A dark lamp again"))

    assert (first.category, second.category) == ("lamp", "road")
    assert first.sure > 0.9
    assert abs(first.sure + second.sure - 1) < 1e-9
    assert learned.suggest(words_of("nothing known")) == []
    assert [one.category for one in learned.suggest(words_of("lamp"), among=["road"])] == ["road"]


def test_a_word_that_few_complaints_have_is_not_kept() -> None:
    learned = learn([LAMP] * 5 + [example("Mr Xavier fell", "road")] * (RAREST - 1))

    assert "lamp" in learned.words
    assert "xavier" not in learned.words


def test_a_higher_temperature_is_less_sure_of_the_same_order() -> None:
    cold = learn([LAMP] * 9 + [HOLE] * 9)
    warm = Learned(cold.cases, cold.words, 5.0)

    assert cold.suggest(words_of("lamp"))[0].sure > warm.suggest(words_of("lamp"))[0].sure > 0.5
    assert Learned.of(warm.written()) == warm


def test_it_is_measured_on_complaints_that_came_later() -> None:
    known = [LAMP, HOLE] * 50
    later = [example("The lamp is dark", "road")] * 15  # from now on lamps are the roads department's

    right, wrong = measure(known, {}), measure([*known[:85], *later], {})

    assert right is not None
    assert wrong is not None
    assert (right.cases, right.first_right) == (15, 15)
    assert (wrong.cases, wrong.first_right, wrong.among_three) == (15, 0, 15)
    assert Measured.of(right.written()) == right
    assert measure(known[: FEWEST_CASES - 1], {}) is None


def test_what_only_repeats_the_name_of_its_category_proves_nothing() -> None:
    lamp_out, hole = example("Lamp out", "lamp"), example("Hole", "road")
    names = {"lamp": words_of("Lamp out", "가로등"), "road": words_of("Hole")}
    wrong = example("The lamp fell into the hole", "road")

    flattered, honest = (
        measure([lamp_out, hole] * 45 + [lamp_out, wrong] * 5, named) for named in ({}, names)
    )

    assert flattered is not None
    assert honest is not None
    assert (flattered.cases, flattered.repeated) == (15, 0)
    assert (honest.cases, honest.repeated) == (5, 10)
    assert Measured.of(honest.written()) == honest
    assert measure([lamp_out, hole] * 60, names) is None


def test_only_what_was_right_in_enough_measured_complaints_may_be_applied() -> None:
    def measured(*bands: Band) -> Measured:
        return Measured(700, 150, 120, 140, 2.0, bands)

    assert measured(Band(0.0, 50, 0.3, 10), Band(0.9, 60, 0.93, 58)).threshold() == 0.9
    assert (
        measured(Band(0.8, 40, 0.85, 39), Band(0.9, 0, 0.0, 0), Band(0.95, 20, 0.97, 20)).threshold() == 0.8
    )
    assert measured(Band(0.7, 4, 0.75, 1), Band(0.9, 200, 0.93, 200)).threshold() == 0.9
    assert measured(Band(0.9, 60, 0.93, 40)).threshold() is None
    assert measured(Band(0.9, 20, 0.93, 20)).threshold() is None
