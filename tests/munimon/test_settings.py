"""Where the home is, what time it is and who acts."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from munimon import settings
from munimon.settings import MunimonError


def test_the_option_goes_before_the_variable_and_the_variable_before_the_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MUNIMON_HOME", raising=False)
    assert settings.find_home().folder == settings.shipped() / "data" / "warehouse"
    monkeypatch.setenv("MUNIMON_HOME", str(tmp_path / "variable"))
    assert settings.find_home().folder == tmp_path / "variable"
    assert settings.find_home(tmp_path / "option").folder == tmp_path / "option"


def test_a_relative_home_does_not_move_with_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert settings.find_home(Path("home")).folder == tmp_path / "home"


def test_reference_data_of_the_home_goes_before_the_shipped_one(tmp_path: Path) -> None:
    home = settings.find_home(tmp_path)
    assert home.reference == settings.shipped() / "data" / "reference"
    (tmp_path / "reference").mkdir()
    assert home.reference == tmp_path / "reference"


@pytest.mark.parametrize(
    ("stated", "moment"),
    [
        ("2024-06-30", datetime(2024, 6, 30, tzinfo=UTC)),
        ("2024-06-30T12:00", datetime(2024, 6, 30, 12, tzinfo=UTC)),
        ("2024-06-30T12:00:00.000001Z", datetime(2024, 6, 30, 12, 0, 0, 1, tzinfo=UTC)),
        ("2024-06-30T12:00+02:00", datetime(2024, 6, 30, 10, tzinfo=UTC)),
    ],
)
def test_the_clock_can_be_set_and_is_then_known_to_be(monkeypatch: pytest.MonkeyPatch, stated: str, moment: datetime) -> None:
    monkeypatch.setenv("MUNIMON_NOW", stated)
    assert (settings.clock(), settings.is_clock_set()) == (moment, True)


def test_the_clock_is_the_systems_where_it_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MUNIMON_NOW", raising=False)
    before = datetime.now(UTC)
    assert before <= settings.clock() <= datetime.now(UTC)
    assert not settings.is_clock_set()


def test_a_clock_that_is_no_time_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUNIMON_NOW", "yesterday")
    with pytest.raises(MunimonError, match=r"^MUNIMON_NOW: 'yesterday' is no date or time; write it like 2024-06-30 or 2024-06-30T12:00:00\+02:00$"):
        settings.clock()


def test_the_actor_is_the_variables_else_the_systems_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUNIMON_ACTOR", "Ana")
    assert settings.actor() == "Ana"
    monkeypatch.delenv("MUNIMON_ACTOR")
    monkeypatch.setenv("LOGNAME", "coordinator")
    assert settings.actor() == "coordinator"
