"""The folder that terminals share: finding it, writing into it, reading what charts want."""

import os
from pathlib import Path

import pytest

from liqbands_mt5.publishing import PublishError, delete_leftovers, publish
from liqbands_mt5.terminal_folders import common_folders
from liqbands_mt5.wishes import Wish, read_wishes

SHARED = "MetaQuotes/Terminal/Common/Files"


def terminal_at(folder: Path) -> Path:
    (folder / "MetaQuotes/Terminal").mkdir(parents=True)
    return folder / SHARED


def test_windows_keeps_it_in_the_users_data(tmp_path: Path) -> None:
    shared = terminal_at(tmp_path / "Roaming")
    assert common_folders({"APPDATA": str(tmp_path / "Roaming")}, tmp_path) == (shared,)


@pytest.mark.parametrize(
    "prefix", [".wine", ".mt5", "Library/Application Support/net.metaquotes.wine.metatrader5"]
)
def test_wine_keeps_it_in_a_prefix(tmp_path: Path, prefix: str) -> None:
    shared = terminal_at(tmp_path / prefix / "drive_c/users/me/AppData/Roaming")
    assert common_folders({}, tmp_path) == (shared,)


def test_a_named_prefix_comes_first(tmp_path: Path) -> None:
    own = terminal_at(tmp_path / "own/drive_c/users/me/Application Data")
    usual = terminal_at(tmp_path / ".wine/drive_c/users/me/AppData/Roaming")
    assert common_folders({"WINEPREFIX": str(tmp_path / "own")}, tmp_path) == (own, usual)


def test_without_a_terminal_there_is_none(tmp_path: Path) -> None:
    assert common_folders({"APPDATA": str(tmp_path), "WINEPREFIX": "/no"}, tmp_path) == ()


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "Liqbands" / "X_1m.lhm"
    for data in (b"one", b"two"):
        publish(path, data)
        assert path.read_bytes() == data
    assert list(path.parent.iterdir()) == [path]


class Busy:
    """Renames as Windows does while a reader has the old file open for a while."""

    def __init__(self, times: int) -> None:
        self.times = times
        self.waited = 0.0

    def replace(self, source: Path, target: Path) -> None:
        self.times -= 1
        if self.times >= 0:
            raise PermissionError(13, "in use", str(target))
        source.replace(target)

    def sleep(self, seconds: float) -> None:
        self.waited += seconds


def test_a_busy_file_is_waited_for(tmp_path: Path) -> None:
    busy = Busy(39)
    publish(tmp_path / "a", b"new", replace=busy.replace, sleep=busy.sleep)
    assert (tmp_path / "a").read_bytes() == b"new"
    assert busy.waited == pytest.approx(39 * 0.005)


def test_a_file_that_stays_busy_keeps_its_content(tmp_path: Path) -> None:
    busy = Busy(40)
    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(PublishError, match="cannot be written"):
        publish(tmp_path / "a", b"new", replace=busy.replace, sleep=busy.sleep)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(PublishError, match="cannot be written"):
        publish(tmp_path / "file" / "a", b"new")


def test_only_old_leftovers_are_deleted(tmp_path: Path) -> None:
    for name, age in (("a.tmp", 61), ("b.tmp", 59), ("c.lhm", 999)):
        (tmp_path / name).write_bytes(b"")
        os.utime(tmp_path / name, (1000 - age, 1000 - age))
    delete_leftovers(tmp_path, 1000)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.tmp", "c.lhm"]


def test_fresh_wishes_are_read(tmp_path: Path) -> None:
    texts = {
        "a": "1000 BTCUSD 5m BTCUSD.r\n", "b": "820 X:Y.P 1h X", "c": "819 OLD 1m OLD",
        "d": "1000 BTCUSD 5m other", "e": "", "f": "1000 HALF", "g": "1000 BTCUSD 7m X",
        "h": "1181 FUTURE 1m X",
    }  # fmt: skip
    (tmp_path / "want").mkdir()
    for name, text in texts.items():
        (tmp_path / "want" / name).write_text(text)
    (tmp_path / "want" / "i").write_bytes(b"\xff\xfe1000")
    (tmp_path / "want" / "j").mkdir()
    assert read_wishes(tmp_path, 1000) == (Wish("BTCUSD", "5m"), Wish("X:Y.P", "1h"))


def test_no_folder_is_no_wish(tmp_path: Path) -> None:
    assert read_wishes(tmp_path, 1000) == ()
