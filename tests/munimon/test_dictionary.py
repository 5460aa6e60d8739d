"""The data dictionary says what the models say."""

from munimon.dictionary import dictionary_path, write_dictionary


def test_the_data_dictionary_is_not_stale() -> None:
    assert dictionary_path().read_text(encoding="utf-8") == write_dictionary(), "run `make dictionary`"
