import pytest

from omg.errors import CommandFailed, TimedOut
from omg.tasks.command_output import Printed
from omg.tasks.ovn import most_telling

NONE = Printed(b"", CommandFailed("no", exit_code=1, stderr=b'cannot connect to "x" (No such file or directory)'))
REFUSED = Printed(b"", CommandFailed("refused", exit_code=2, stderr=b"it is not clustered"))
SILENT = Printed(b"", TimedOut("silent"))
WELL = Printed(b"Role: leader\n")


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ([WELL], WELL),
        ([NONE, WELL], WELL),
        ([REFUSED, WELL], WELL),
        ([REFUSED, NONE], REFUSED),
        ([NONE, REFUSED], REFUSED),
        ([NONE, NONE], NONE),
        ([SILENT], SILENT),
        ([NONE, SILENT], SILENT),
    ],
)
def test_of_two_sockets_the_one_that_says_something_is_told(answers: list[Printed], told: Printed) -> None:
    assert most_telling(answers) is told
