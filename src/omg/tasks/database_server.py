"""How the server of a Galera pod is asked: by which programs, and with a password where it wants one. No task."""

import base64
import binascii
import re
from collections.abc import AsyncGenerator, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from omg.engine import Run
from omg.errors import CommandFailed, Truncated
from omg.tasks.command_output import Printed, feed, needing, printed_in
from omg.tasks.kinds import SECRETS
from omg.tasks.pods import Pod

CONTAINER = "galera"

CLIENT = ("mysql", "mariadb")
DUMPER = ("mysqldump", "mariadb-dump")
"""A program's names; images with MariaDB 11 and later may have only the second."""

PASSWORDS = ("DbRootPassword", "AdminPassword")
"""Keys of a control plane's Secret that may hold root's password."""

REFUSED = frozenset({1045, 1698})
"""MariaDB's error codes for access denied."""

NO_PROGRAM = 127
"""The exit status of a command that isn't there: sh(1)."""

_NOT_FOUND = "executable file not found"
"""How runtimes say the same, some with another exit status or none: Go's os/exec."""

_CODE = re.compile(rb"^(?:ERROR|mysqldump: Got error:|mariadb-dump: Got error:) (\d+)", re.MULTILINE)
"""How the programs say what is wrong; the numbers are in MariaDB's list of error codes."""

_WITH_PASSWORD = ("sh", "-c", 'IFS= read -r MYSQL_PWD; export MYSQL_PWD; exec "$@"', "sh")
"""Runs a command with a password that comes over stdin, so that no command line and no file holds it."""


@dataclass(slots=True)
class _Ways:
    """The names that a program may have, the first of which is tried now; and what is told when no way is left."""

    names: list[str]
    told: CommandFailed | None = None

    def why(self, error: CommandFailed) -> CommandFailed:
        """What is told of the last error: that there is no program says less than what a server said before."""
        if self.told is None:
            return error
        says_less = is_not_there(error) or (codes_in(self.told) and not codes_in(error))
        return self.told if says_less else error


@dataclass(slots=True)
class DatabaseServer:
    """One server, for one item.

    Args:
        secrets: the names of the Secrets that may hold root's password.
    """

    run: Run
    pod: Pod
    secrets: Iterable[str] = ()
    _password: str | None = field(default=None, init=False, repr=False)
    _untried: list[str] | None = field(default=None, init=False, repr=False)

    async def asked(self, statement: str) -> Printed:
        """What the client prints for a statement of root's."""
        ways = _Ways(list(CLIENT))
        while True:
            words = (ways.names[0], "-u", "root", "-e", statement)
            command, fed = self._command(words)
            with needing(self.pod):
                printed = await printed_in(self.run, self.pod, CONTAINER, command, fed=fed, called=words)
            if not isinstance(printed.error, CommandFailed):
                return printed
            if not await self._may_go_on(ways, printed.error):
                return Printed(printed.stdout, ways.why(printed.error))

    async def dumped(self, arguments: Sequence[str]) -> AsyncGenerator[bytes, None]:
        """What the dumping program prints, as it comes.

        Raises:
            CommandFailed: it failed before it had printed anything.
            Truncated: it failed later.
        """
        ways = _Ways(list(DUMPER))
        while True:
            came = False
            try:
                async for chunk in self._chunks((ways.names[0], *arguments)):
                    came = True
                    yield chunk
            except CommandFailed as error:
                if came:
                    raise Truncated(f"{self.pod.name}'s dump stops before its end: {error}") from error
                if not await self._may_go_on(ways, error):
                    raise ways.why(error) from None
            else:
                return

    async def _chunks(self, words: Sequence[str]) -> AsyncGenerator[bytes, None]:
        command, fed = self._command(words)
        place = (self.pod.namespace, self.pod.name, CONTAINER)
        with needing(self.pod):
            async with self.run.cluster.exec(*place, command, stdin=bool(fed)) as execution:
                await feed(execution, fed)
                async for chunk in execution.stdout():
                    yield chunk
                await execution.wait()

    def _command(self, words: Sequence[str]) -> tuple[Sequence[str], bytes]:
        """The command, and what it gets on stdin."""
        if self._password is None:
            return words, b""
        return (*_WITH_PASSWORD, *words), self._password.encode() + b"\n"

    async def _may_go_on(self, ways: _Ways, error: CommandFailed) -> bool:
        """Whether there is another way to ask than the one that failed so; it is taken then."""
        if is_not_there(error):
            ways.told = ways.told or error
            del ways.names[0]
            return bool(ways.names)
        if not REFUSED & codes_in(error):
            return False
        ways.told = error
        if self._untried is None:
            self._untried = [one async for one in self._passwords()]
        if not self._untried:
            return False
        self._password = self._untried.pop(0)
        return True

    async def _passwords(self) -> AsyncGenerator[str, None]:
        """What the Secrets hold; each is listed by its name, a right that is there to learn what has to be hidden."""
        for name in sorted(self.secrets):
            pages = self.run.cluster.list(SECRETS, namespace=self.pod.namespace, fields=f"metadata.name={name}")
            async for page in pages:
                for secret in page.objects():
                    for password in passwords_in(secret):
                        yield password


def passwords_in(secret: dict[str, Any]) -> Iterable[str]:
    """The passwords that may be root's, in the order in which they are tried, each once."""
    found: dict[str, None] = {}
    for key in PASSWORDS:
        try:
            password = base64.b64decode((secret.get("data") or {}).get(key) or "").decode().rstrip("\n")
        except (binascii.Error, ValueError):
            continue
        if password and "\n" not in password:
            found[password] = None
    return found


def is_not_there(error: CommandFailed) -> bool:
    """Whether a program could not be started because there is none of that name."""
    return error.exit_code == NO_PROGRAM or _NOT_FOUND in str(error)


def codes_in(error: CommandFailed) -> set[int]:
    """The error codes that a program of MariaDB told."""
    return {int(number) for number in _CODE.findall(error.stderr)}
