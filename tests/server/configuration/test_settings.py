"""Settings: defaults, file and environment in that order, and one clear line for every mistake."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from liqbands_server.configuration.listing import configuration_lines
from liqbands_server.errors import ConfigurationError
from liqbands_server.settings import Mount, Settings, load_configuration

README = Path(__file__).parents[3] / "server" / "README.md"
NAMES = [item.name for item in fields(Settings)]


@pytest.fixture(autouse=True)
def _nobody_s_own_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


def settings_of(file: str = "", folder: Path | None = None, **variables: str) -> Settings:
    """Return the settings that a file's text and variables make."""
    environment = {f"LIQBANDS_{name}": value for name, value in variables.items()}
    if folder is not None:
        (folder / "liqbands.toml").write_text(file)
        environment["LIQBANDS_CONFIG"] = str(folder / "liqbands.toml")
    return load_configuration(environment=environment).settings


def test_the_server_is_private_unless_told_otherwise() -> None:
    settings = settings_of()
    assert (settings.host, settings.port) == ("127.0.0.1", 8765)
    assert settings.store.endswith("liqbands/liqbands.db")


def test_the_file_wins_over_defaults_and_the_environment_over_the_file(tmp_path: Path) -> None:
    settings = settings_of("port = 9000\nworkers = 3\n", tmp_path, PORT="9001")
    assert (settings.port, settings.workers, settings.threads) == (9001, 3, 32)


def test_the_user_s_own_file_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "liqbands").mkdir()
    (tmp_path / "liqbands" / "liqbands.toml").write_text("port = 9002")
    assert settings_of().port == 9002
    monkeypatch.setenv("XDG_CONFIG_HOME", "/nowhere")
    assert settings_of().port == 8765


def test_lists_are_written_as_lists_or_with_commas(tmp_path: Path) -> None:
    from_text = settings_of(UDF_MOUNTS="/chart, /", UDF_GROUP_MOUNTS="/tv")
    from_file = settings_of('udf_mounts = ["/chart", "/"]\nudf_group_mounts = ["/tv"]', tmp_path)
    assert from_text == from_file
    assert from_file.mounts == (
        Mount("/udf", group=False),
        Mount("/chart", group=False),
        Mount("/", group=False),
        Mount("/tv", group=True),
    )


def test_udf_itself_can_answer_in_group_mode() -> None:
    assert settings_of(UDF_GROUP_MOUNTS="/udf").mounts == (Mount("/udf", group=True),)


def test_an_empty_variable_says_nothing() -> None:
    assert settings_of(PORT="", DATA="") == settings_of()


@pytest.mark.parametrize(
    ("name", "value", "must"),
    [
        ("PORT", "eighty", "be a whole number from 1 to 65535"),
        ("PORT", "70000", "be a whole number from 1 to 65535"),
        ("WORKERS", "0", "be a whole number from 1 to 64"),
        ("THREADS", "2.5", "be a whole number from 1 to 1000"),
        ("SIMULATED", "perhaps", "be true or false"),
        ("NEXT_TIME_UNIT", "hours", "be one of milliseconds, seconds"),
        ("LOG_LEVEL", "loud", "be one of debug, info, warning, error"),
        ("DATA", "/no/such/folder", "name a folder"),
        ("UDF_MOUNTS", "chart", "be paths such as /tv, none under /api"),
        ("UDF_MOUNTS", "/api/v1", "be paths such as /tv, none under /api"),
        ("UDF_MOUNTS", "/a/../b?", "be paths such as /tv, none under /api"),
        ("CORS_ORIGINS", "example.org", "be * or origins as https://a.b"),
        ("SYMBOLS", "BTC/USDT", "be coins such as BTC,ETH"),
        ("FEED_GATEWAY", "ftp://here", "be empty or an http:// address"),
    ],
)
def test_a_wrong_value_is_refused_with_what_would_do(name: str, value: str, must: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        load_configuration(environment={f"LIQBANDS_{name}": value})
    assert str(refused.value) == f"LIQBANDS_{name} must {must}, was {value!r}"


@pytest.mark.parametrize("text", ["port = 2.5", "port = true", "port = [1]", "udf_mounts = 5"])
def test_a_wrong_type_in_the_file_is_refused(text: str, tmp_path: Path) -> None:
    name = text.split()[0]
    with pytest.raises(ConfigurationError, match=rf"^{name} in .*liqbands.toml must be "):
        settings_of(text, tmp_path)


def test_an_unknown_variable_is_refused_with_the_nearest_known_one() -> None:
    with pytest.raises(ConfigurationError, match="LIQBANDS_PROT; did you mean LIQBANDS_PORT\\?"):
        settings_of(PROT="80")


def test_an_unknown_key_is_refused_with_the_nearest_known_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"'stor' in .*; did you mean store\?"):
        settings_of('stor = "here"', tmp_path)


def test_what_only_the_tests_read_is_let_pass() -> None:
    assert settings_of(REGENERATE="1") == settings_of()


def test_a_file_that_is_named_must_be_there() -> None:
    with pytest.raises(ConfigurationError, match="LIQBANDS_CONFIG must name a file, was '/no'"):
        settings_of(CONFIG="/no")


def test_a_file_that_is_no_toml_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"is no TOML: .*line 1"):
        settings_of("port 9000", tmp_path)


def test_a_path_answers_in_one_mode_only() -> None:
    with pytest.raises(ConfigurationError, match="must differ, both hold /tv"):
        settings_of(UDF_MOUNTS="/tv", UDF_GROUP_MOUNTS="/tv")


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://me:geheim@host:99999x/db",
        "postgresql://host/db?password=geheim",
        "mysql://me:geheim@host/db",
    ],
)
def test_a_refused_store_address_is_not_repeated(address: str) -> None:
    with pytest.raises(ConfigurationError, match="LIQBANDS_STORE must be a file or") as refused:
        settings_of(STORE=address)
    assert "geheim" not in str(refused.value)


def test_a_password_is_shown_nowhere() -> None:
    configuration = load_configuration(
        environment={"LIQBANDS_STORE": "postgresql://me:geheim@host/db"}
    )
    assert "geheim" in configuration.settings.store
    shown = [*configuration_lines(configuration), repr(configuration)]
    assert not any("geheim" in text for text in shown)
    assert 'store = "postgresql://me:***@host/db"  # LIQBANDS_STORE' in shown


def test_the_effective_configuration_tells_where_each_value_comes_from(tmp_path: Path) -> None:
    path = tmp_path / "liqbands.toml"
    path.write_text("workers = 4")
    environment = {"LIQBANDS_CONFIG": str(path), "LIQBANDS_PORT": "9000"}
    lines = configuration_lines(load_configuration(environment=environment))
    assert len(lines) == len(NAMES)
    assert "port = 9000  # LIQBANDS_PORT" in lines
    assert f"workers = 4  # {path}" in lines
    assert "threads = 32  # default" in lines


def test_the_effective_configuration_read_back_is_the_same(tmp_path: Path) -> None:
    environment = {"LIQBANDS_CORS_ORIGINS": "https://a.b", "LIQBANDS_DATA": str(tmp_path)}
    configuration = load_configuration(environment=environment)
    text = "\n".join(configuration_lines(configuration))
    assert settings_of(text, tmp_path) == configuration.settings


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_is_in_the_readme_with_its_default(name: str) -> None:
    (row,) = re.findall(rf"^\| `{name}` \|(.*)$", README.read_text(), flags=re.MULTILINE)
    default = next(item.default for item in fields(Settings) if item.name == name)
    if isinstance(default, bool):
        assert f"`{str(default).lower()}`" in row
    elif isinstance(default, int):
        assert f"`{default}`" in row


def test_a_secret_is_neither_listed_nor_repeated() -> None:
    configuration = load_configuration(environment={"LIQBANDS_BINANCE_SECRET": "geheim"})
    assert "geheim" not in "".join(configuration_lines(configuration)) + repr(configuration)
    with pytest.raises(ConfigurationError, match="LIQBANDS_BINANCE_KEY must be one") as refused:
        settings_of(BINANCE_KEY="geheim und mehr")
    assert "geheim" not in str(refused.value)


def test_only_venues_that_can_be_followed_are_accepted() -> None:
    assert settings_of(VENUES="binance, okx").venues == ("binance", "okx")
    with pytest.raises(ConfigurationError, match=r"among binance, .*, was 'mtgox'"):
        settings_of(VENUES="mtgox")
