"""How each check of omg is run; `make test` and CI come through here. `nox -l` lists the sessions."""

from pathlib import Path

import nox

nox.needs_version = ">=2025.5.1"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.error_on_external_run = True
nox.options.sessions = ["lint", "types", "imports", "tests", "minimums"]

PYPROJECT = nox.project.load_toml("pyproject.toml")

COVERED = 95
"""Per cent of the branches and lines of src that the tests and the real cluster reach together."""

TWO_AT_A_TIME = ("-n", "2", "--dist", "worksteal")
"""Tests that run beside one another: two, because the smallest machines have two cores."""

BY_FILE = ("-n", "2", "--dist", "loadfile")
"""The same for the real cluster: each has a cluster of its own, and the tests of a file share what they gathered."""


def install(session: nox.Session, *groups: str) -> None:
    """Install omg as a person would, and groups of what its development needs."""
    session.install(".", *nox.project.dependency_groups(PYPROJECT, *groups))


@nox.session
def tests(session: nox.Session) -> None:
    """Everything that needs no real cluster."""
    install(session, "tests")
    _pytest(session, "tests", "-m", "not cluster", *TWO_AT_A_TIME)


@nox.session
def cluster(session: nox.Session) -> None:
    """A real API server, built with Go on its first run; benchmarks and figures are not part of it."""
    install(session, "tests")
    session.run("python", "-m", "tests.cluster.testbed.build")
    # The TLS connection of an exec is closed by its peer a moment after the test's event loop has ended.
    late = ("-W", "ignore:unclosed transport:ResourceWarning", "-W", "ignore:unclosed <socket:ResourceWarning")
    _pytest(session, "cluster", "-m", "cluster", *BY_FILE, *late, "tests/cluster")


@nox.session
def image(session: nox.Session) -> None:
    """The must-gather image, built with buildah on a Debian base and run against the real API server; needs root."""
    install(session, "tests")
    session.run("python", "-m", "tests.cluster.testbed.build")
    session.run("pytest", "-m", "image", "-p", "no:cacheprovider", "tests/image", *session.posargs)


@nox.session
def coverage(session: nox.Session) -> None:
    """What the last `tests` and `cluster` reached together; a bar only where both have run."""
    session.install(*nox.project.dependency_groups(PYPROJECT, "tests"))
    found = [name for name in ("tests", "cluster") if Path(f".coverage-{name}").exists()]
    if not found:
        session.error("Nothing was measured yet: run the sessions tests and cluster first.")
    session.run("coverage", "combine", "--keep", *(f".coverage-{name}" for name in found))
    bar = [f"--fail-under={COVERED}"] if len(found) == 2 else []
    session.run("coverage", "report", *bar)


@nox.session
def types(session: nox.Session) -> None:
    """Strict types, in src and tests."""
    install(session, "types", "tests")
    session.run("mypy")


@nox.session
def lint(session: nox.Session) -> None:
    """One style, and what a linter can see."""
    session.install(*nox.project.dependency_groups(PYPROJECT, "lint"))
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    # They run in the interpreter of somebody else's pod: RHOSO 18 has Python 3.9, and any may be there beside it.
    for file, oldest in (("driver", "3.9"), ("interpreter", "3.6")):
        strict = ("--quiet", "--no-tips", "--violations", f"--target={oldest}-")
        session.run("vermin", *strict, f"src/omg/openstack/{file}.py")


@nox.session
def imports(session: nox.Session) -> None:
    """Imports point down, and each door has one importer: see .importlinter."""
    install(session, "imports")
    session.run("lint-imports", "--config", ".importlinter")


@nox.session(venv_backend="uv")
def minimums(session: nox.Session) -> None:
    """The fast tests with the lowest versions that pyproject.toml allows."""
    groups = nox.project.dependency_groups(PYPROJECT, "tests")
    session.install("--resolution", "lowest-direct", ".", *groups)
    session.run(
        "pytest",
        "-m",
        "not cluster and not slow",
        "-q",
        "-p",
        "no:cacheprovider",
        *TWO_AT_A_TIME,
        *session.posargs,
    )


@nox.session
def benchmark(session: nox.Session) -> None:
    """Ratios for docs/performance.md; minutes on an idle machine."""
    install(session, "tests")
    session.run("python", "-m", "benchmarks.gather", *session.posargs)


def _pytest(session: nox.Session, name: str, *arguments: str) -> None:
    data = Path(f".coverage-{name}").absolute()  # not .coverage.NAME: a report eats those
    measured = ["--cov", "--cov-report=", "--durations=12", "--durations-min=5"]
    session.run("pytest", *measured, *arguments, *session.posargs, env={"COVERAGE_FILE": str(data)})
