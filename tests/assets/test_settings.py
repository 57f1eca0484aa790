import json

import pytest

from assets.settings import SettingsError, load


@pytest.fixture(autouse=True)
def an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HEARTH_SETTINGS", raising=False)


def test_a_flag_wins_over_the_environment_which_wins_over_the_file(tmp_path, monkeypatch):
    (tmp_path / "hearth.toml").write_text('store = "file"\nlanding = "file"\nschedule_day = 9\n')
    monkeypatch.setenv("HEARTH_STORE", "environment")
    monkeypatch.setenv("HEARTH_LANDING", "environment")
    settings = load({"store": "flag", "landing": None})
    assert (settings.store.name, settings.landing.name, settings.schedule_day) == ("flag", "environment", 9)


def test_an_unknown_setting_is_named_with_the_known_ones(tmp_path):
    (tmp_path / "hearth.toml").write_text("treshold = 3\n")
    with pytest.raises(SettingsError, match=r"'treshold' in hearth.toml is unknown\. Known settings: landing, store"):
        load()


def test_a_wrong_setting_is_one_sentence_without_its_value(monkeypatch):
    monkeypatch.setenv("HEARTH_SCHEDULE_DAY", "31")
    with pytest.raises(SettingsError) as refused:
        load()
    assert str(refused.value).startswith(
        "Setting 'schedule_day' cannot be used: Input should be less than or equal to 28."
    )
    assert "HEARTH_SCHEDULE_DAY" in str(refused.value)
    assert refused.value.__cause__ is None


def test_a_file_that_is_no_toml_is_refused(tmp_path):
    (tmp_path / "hearth.toml").write_text("store = \n")
    with pytest.raises(SettingsError, match=r"hearth.toml is not valid TOML"):
        load()


def test_a_named_settings_file_must_exist(monkeypatch):
    monkeypatch.setenv("HEARTH_SETTINGS", "elsewhere.toml")
    with pytest.raises(SettingsError, match=r"HEARTH_SETTINGS names elsewhere.toml, which is no file"):
        load()


def test_the_id_key_stands_neither_in_the_published_settings_nor_in_the_repr(monkeypatch):
    monkeypatch.setenv("HEARTH_ID_KEY", "canary-key")
    settings = load()
    assert "canary-key" not in settings.published()
    assert "canary-key" not in repr(settings)
    assert json.loads(settings.published())["profile"] == "supporting-families-2022"
