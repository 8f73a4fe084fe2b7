"""Answers are computed once, kept within bounds, and errors are not kept."""

from itertools import count
from threading import Barrier, Event, Thread

import pytest

from liqbands_server.service.answers import AnswerCache


def test_a_question_is_computed_once() -> None:
    cache = AnswerCache[int](10, lambda _: 1)
    number = count(7)
    found = [cache.get("question", lambda: next(number)) for _ in range(3)]
    assert (found, cache.hits, cache.misses) == ([7, 7, 7], 2, 1)


def test_the_longest_unused_goes_first() -> None:
    cache = AnswerCache[str](2, len)
    for key in ("a", "b", "a", "c"):
        cache.get(key, lambda: "x")
    assert cache.get("a", lambda: "anew") == "x"
    assert cache.get("b", lambda: "anew") == "anew"


def test_one_answer_may_exceed_the_bound() -> None:
    cache = AnswerCache[str](2, len)
    cache.get("small", lambda: "x")
    cache.get("large", lambda: "x" * 9)
    assert cache.get("large", lambda: "anew") == "x" * 9
    assert cache.get("small", lambda: "anew") == "anew"


def test_an_error_is_not_kept() -> None:
    cache = AnswerCache[int](10, lambda _: 1)
    with pytest.raises(ZeroDivisionError):
        cache.get("question", lambda: 1 // 0)
    assert cache.get("question", lambda: 5) == 5


def test_who_waits_shares_the_error() -> None:
    cache, flying, landed = AnswerCache[int](10, lambda _: 1), Event(), Event()
    errors: list[BaseException] = []

    def fail() -> int:
        flying.set()
        landed.wait(10)
        raise KeyError("question")

    def ask() -> None:
        try:
            cache.get("question", fail)
        except KeyError as error:
            errors.append(error)

    threads = [Thread(target=ask) for _ in range(4)]
    threads[0].start()
    flying.wait(10)
    for thread in threads[1:]:
        thread.start()
    landed.set()
    for thread in threads:
        thread.join(10)
    assert len(errors) == 4


def test_different_questions_do_not_wait_for_each_other() -> None:
    cache, together, found = AnswerCache[int](10, lambda _: 1), Barrier(2), []

    def ask(key: int) -> None:
        found.append(cache.get(key, lambda: together.wait(10) * 0 + key))

    threads = [Thread(target=ask, args=(key,)) for key in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert sorted(found) == [1, 2]
