"""Sessions for each Python that is supported: ``nox -s tests-3.13``, ``nox -s lint``, ``nox -s package``.

``make check`` runs them in the environment at hand (``--no-venv``); elsewhere each installs
the hashed locks for itself.
"""

from pathlib import Path

import nox

nox.options.sessions = ["lint", "package", "tests"]
PYTHONS = nox.project.python_versions(nox.project.load_toml("pyproject.toml"), max_version="3.13")


def install(session: nox.Session) -> None:
    """Install the project and what its tests need, each file checked against its hash."""
    if not isinstance(session.virtualenv, nox.virtualenv.PassthroughEnv):
        for lock in ("requirements.lock", "requirements-dev.lock"):
            session.install("--no-deps", "--require-hashes", "-r", lock)
        session.install("--no-deps", "--no-build-isolation", "-e", ".")


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """Run the tests; what stands behind ``--`` goes to pytest."""
    install(session)
    session.run("python", "-m", "pytest", "-n", "2", "--dist", "loadgroup", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check format, style, types, the import law and the documentation."""
    install(session)
    session.run("pre-commit", "run", "--all-files", "--show-diff-on-failure")


@nox.session
def package(session: nox.Session) -> None:
    """Build what is published, the wheel from the source distribution, which holds every file that it should."""
    install(session)
    session.run("check-manifest", "--no-build-isolation")
    built = Path(session.create_tmp())
    session.run("python", "-m", "build", "--no-isolation", "--outdir", str(built), silent=True)
    session.log("built %s", ", ".join(sorted(path.name for path in built.iterdir())))
