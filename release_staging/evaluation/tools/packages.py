"""What a candidate is made of: the packages that its bills of materials list, and the findings its scanners report."""

from __future__ import annotations

from dataclasses import dataclass

from release_staging.evaluation.worlds import World

_NAMES = {
    "pypi": (
        "attrs",
        "certifi",
        "click",
        "httpx",
        "idna",
        "jinja2",
        "packaging",
        "pydantic",
        "requests",
        "structlog",
        "urllib3",
        "werkzeug",
    ),
    "npm": ("ajv", "axios", "debug", "express", "lodash", "minimatch", "ms", "pino", "semver", "undici", "uuid", "ws"),
    "maven": ("commons-codec", "commons-io", "gson", "guava", "jackson-core", "jackson-databind", "log4j-api", "slf4j-api", "snakeyaml"),
    "golang": ("cobra", "errors", "grpc", "logr", "mux", "prometheus", "protobuf", "testify", "viper", "yaml", "zap"),
    "nuget": ("AutoMapper", "Dapper", "MediatR", "Newtonsoft.Json", "Polly", "Serilog", "System.Text.Json", "xunit"),
}
_NAMESPACES = {"maven": "org.example", "golang": "github.com/example"}
_LICENCES = ("MIT", "Apache-2.0", "BSD-3-Clause", "ISC")
_SEVERITIES = ("CRITICAL", "HIGH", "MEDIUM", "LOW")


@dataclass(frozen=True)
class Package:
    name: str
    version: str
    kind: str  # of purl
    licence: str

    @property
    def group(self) -> str | None:
        return _NAMESPACES.get(self.kind)

    @property
    def purl(self) -> str:
        above = f"{self.group}/" if self.group else ""
        return f"pkg:{self.kind}/{above}{self.name.lower() if self.kind == 'pypi' else self.name}@{self.version}"


@dataclass(frozen=True)
class Finding:
    """A vulnerability of a package. ``severity`` in capitals."""

    id: str
    package: Package
    severity: str
    fixed: str

    @property
    def score(self) -> float:
        return {"CRITICAL": 9.8, "HIGH": 7.5, "MEDIUM": 5.3, "LOW": 3.1}[self.severity]


def packages(world: World, kind: str | None = None) -> tuple[Package, ...]:
    """The packages of the candidate, of the ecosystem of its service or of another."""
    kind = kind or ecosystem(world)
    chance = world.random("packages", kind)
    names = sorted(chance.sample(_NAMES[kind], chance.randint(5, len(_NAMES[kind]))))
    return tuple(
        Package(name, f"{chance.randint(1, 9)}.{chance.randint(0, 30)}.{chance.randint(0, 9)}", kind, chance.choice(_LICENCES))
        for name in names
    )


def ecosystem(world: World) -> str:
    return world.random("ecosystem").choice(tuple(_NAMES))


def findings(world: World, kind: str | None = None) -> tuple[Finding, ...]:
    """What scanners find in these packages: a few, none of them twice."""
    chance = world.random("findings")
    affected = sorted(chance.sample(packages(world, kind), chance.randint(2, 4)), key=lambda one: one.name)
    return tuple(
        Finding(
            f"CVE-202{chance.randint(3, 6)}-{chance.randint(10000, 59999)}", package, chance.choice(_SEVERITIES), _raised(package.version)
        )
        for package in affected
    )


def _raised(version: str) -> str:
    first, _, last = version.rpartition(".")
    return f"{first}.{int(last) + 1}"
