"""Environment and file → one frozen `Settings`. Every field is explained in docs/settings.md."""

from pathlib import Path
from typing import Annotated, Any, Final, Literal, get_args

from pydantic import Field, IPvAnyNetwork, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from data.errors import GatewaysError
from data.workspace import Workspace

SETTINGS_FILE = "gateways.toml"
ROLE: Final = r"^(reader|learner|scientist|administrator|curator(:[a-z0-9-]+)?)$"


class Settings(BaseSettings):
    """All that can be configured. A flag beats the environment, which beats `gateways.toml`."""

    model_config = SettingsConfigDict(
        env_prefix="GATEWAYS_", env_ignore_empty=True, frozen=True, extra="forbid"
    )

    home: Path = Field(Path("gateways-home"), description="The folder that holds all state.")
    database_url: str | None = Field(
        None, description="SQLAlchemy URL of the catalogue; by default a SQLite file in the home."
    )
    encoder: str = Field(
        "auto",
        description=(
            "`auto` (the champion), `shipped`, `e5-oak`, `e5`, `minilm`, a registered version, "
            "a folder or a hub id."
        ),
    )
    index: Literal["auto", "flat", "hnsw", "ivfpq", "milvus"] = Field(
        "auto", description="How vectors are searched; `auto` chooses by their number."
    )
    milvus: str | None = Field(
        None,
        pattern=r"^(https?://[^\s@?#]+|[^\s:?#]+\.db)$",
        description="Address of a Milvus that keeps vectors, or a file of milvus-lite's.",
    )
    milvus_token: SecretStr | None = Field(
        None, min_length=1, description="What Milvus is asked with: `user:password`, or a key."
    )
    backend: Literal["auto", "torch", "onnx", "openvino"] = Field(
        "auto", description="What computes the vectors of the next index; `auto` the fastest."
    )
    threads: int = Field(0, ge=0, description="CPU threads for encoding; 0 takes one a core.")
    workers: int = Field(
        1, ge=1, description="Processes that embed and align batches; more than one need Ray."
    )
    ray: str = Field(
        "local",
        pattern=r"^(local|auto|[^/:\s]+:\d+)$",
        description="Where the workers are: `local`, or a Ray cluster's `auto` or `HOST:PORT`.",
    )
    max_text: int = Field(
        1_000_000, ge=1_000, description="Characters that one record's text may have."
    )
    max_upload: int = Field(
        200_000_000, ge=1_000, description="Bytes that a file dropped on a page may have."
    )
    host: str = Field("127.0.0.1", description="Address that `serve` listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Port that `serve` listens on.")
    api_key: SecretStr | None = Field(
        None,
        min_length=1,
        description="If set, every request must carry it; needed to listen beyond 127.0.0.1.",
    )
    session_idle: int = Field(
        720, ge=5, description="Minutes without a request after which a person is signed out."
    )
    session_length: int = Field(
        720, ge=1, description="Hours after which a person is signed out in any case."
    )
    rate_limit: int = Field(
        12_000, ge=0, description="Requests a minute of one key or address; 0 is no limit."
    )
    proxies: tuple[IPvAnyNetwork, ...] = Field(
        (), description="Proxies that say truly for whom they ask (`X-Forwarded-For`)."
    )
    oidc_issuer: str | None = Field(
        None,
        pattern=r"^https?://[^\s?#]+$",
        description="Where people sign in with OpenID Connect; by default nowhere.",
    )
    oidc_client_id: str = Field("", description="What the provider of identities calls us.")
    oidc_client_secret: SecretStr | None = Field(
        None, min_length=1, description="What it knows us by; none for a public client."
    )
    oidc_scopes: str = Field("openid profile", description="What it is asked to tell of people.")
    oidc_name: str = Field("preferred_username", description="Claim that has a person's name.")
    oidc_groups: str = Field("groups", description="Claim that has a person's groups.")
    oidc_roles: dict[str, Annotated[str, Field(pattern=ROLE)]] = Field(
        {}, description="Group → role, or `curator:PLATFORM`; who is in none does not come in."
    )
    learner_key: SecretStr | None = Field(
        None,
        min_length=16,
        description="If set, learner ids are replaced by a keyed hash on entry.",
    )
    allowed_hosts: tuple[str, ...] = Field(
        ("127.0.0.1", "localhost"), description="Host names under which the service answers."
    )
    public_url: str = Field(
        "http://127.0.0.1:8000",
        pattern=r"^https?://[^\s?#]+$",
        description="Under which address others reach the service; what we export names it.",
    )
    oai_domain: str = Field(
        "localhost",
        pattern=r"^[A-Za-z][A-Za-z0-9.-]*$",
        description="Domain in the identifiers under which others harvest resources of ours.",
    )
    harvest_private: tuple[IPvAnyNetwork, ...] = Field(
        (), description="Networks that are not public and may be harvested all the same."
    )
    harvest_max_body: int = Field(
        50_000_000, ge=1_000, description="Bytes that one answer to a harvest may have, unpacked."
    )
    harvest_max_pages: int = Field(
        10_000, ge=1, description="Pages that one list may have when it is harvested."
    )
    harvest_timeout: float = Field(
        120.0, gt=0, le=3600, description="Seconds within which one answer must be there."
    )
    evidence_min_cell: int = Field(
        10, ge=2, description="Learners without whom a figure of evidence is kept back."
    )
    evidence_epsilon: float | None = Field(
        None, gt=0, description="Budget of the noise on what evidence tells of learners."
    )
    batch_wait_ms: float = Field(
        2.0, ge=0, le=100, description="How long a query waits for company before it is encoded."
    )
    batch_size: int = Field(32, ge=1, le=512, description="Texts encoded in one batch.")
    most_wait: float = Field(
        5.0, gt=0, description="Seconds that a question may wait for its answer, else status 429."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="How much is logged on standard error."
    )

    @property
    def catalogue_url(self) -> str:
        """SQLAlchemy URL of the catalogue."""
        return self.database_url or f"sqlite:///{Workspace(self.home).database}"

    def stated(self) -> dict[str, Any]:
        """What differs from the defaults, as JSON, without places and secrets."""
        secret = {name for name, field in type(self).model_fields.items() if is_secret(field)}
        return self.model_dump(
            mode="json", exclude_defaults=True, exclude={"home", "database_url", "milvus"} | secret
        )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Order of precedence: arguments, environment, then the home folder's file."""
        home = init_settings().get("home") or env_settings().get("home") or "gateways-home"
        file = TomlConfigSettingsSource(settings_cls, Path(home) / SETTINGS_FILE)
        return init_settings, env_settings, file


def is_secret(field: FieldInfo) -> bool:
    """Whether a setting is kept out of sight."""
    return SecretStr in (field.annotation, *get_args(field.annotation))


def load_settings(**overrides: Any) -> Settings:
    """Settings from flags (those that are not None), environment and file.

    Raises GatewaysError that names each wrong setting and what it may be.
    """
    try:
        return Settings(**{key: value for key, value in overrides.items() if value is not None})
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(str(part) for part in item['loc'])}: {item['msg']}"
            for item in error.errors()
        )
        raise GatewaysError(f"settings: {problems}. See docs/settings.md") from None
    except SettingsError as error:  # in the environment
        raise GatewaysError(f"settings: {error}, which is written as JSON") from None
    except (ValueError, OSError) as error:  # a malformed TOML file
        raise GatewaysError(f"settings: {SETTINGS_FILE} cannot be read: {error}") from None
