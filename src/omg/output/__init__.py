"""The only writer: masked bytes, whole files under final names, and a journal that says what they are."""

from omg.output.directory import read_journal
from omg.output.disk import DiskLimit
from omg.output.door import Output
from omg.output.journal import Journal
from omg.output.run_log import RunLog
from omg.output.sink import Sink

__all__ = ["DiskLimit", "Journal", "Output", "RunLog", "Sink", "read_journal"]
