"""What is kept in memory: the last used for longest, and never more than so much."""

from schools.kept import Kept


def test_what_was_put_there_is_there_and_nothing_else():
    kept = Kept(100)
    kept.put("key", "page")
    assert (kept.get("key"), kept.get("another")) == ("page", None)


def test_what_was_used_least_lately_gives_way():
    kept = Kept(10)
    for key in "abc":
        kept.put(key, "xxx")
    kept.get("a")
    kept.put("d", "xxx")
    assert [kept.get(key) is not None for key in "abcd"] == [True, False, True, True]


def test_what_is_too_heavy_is_not_kept_and_drives_nothing_out():
    kept = Kept(10)
    kept.put("a", "xxx")
    kept.put("b", "x" * 11)
    assert kept.get("a") == "xxx"
    assert kept.get("b") is None


def test_a_thing_put_again_weighs_once():
    kept = Kept(10)
    for _ in range(9):
        kept.put("a", "xxxxx")
    kept.put("b", "xxxxx")
    assert kept.get("a") == kept.get("b") == "xxxxx"


def test_everything_can_be_forgotten():
    kept = Kept(10)
    kept.put("a", "xxx")
    kept.clear()
    assert kept.get("a") is None
    kept.put("b", "x" * 10)
    assert kept.get("b") is not None
