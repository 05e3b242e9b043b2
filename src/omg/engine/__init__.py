"""When it is collected: a graph of tasks, slots for items, a record for each. Knows no Kubernetes, does no I/O."""

from omg.engine.graph import Graph
from omg.engine.items import SHARED, Work
from omg.engine.records import Outcome, Record, Tally
from omg.engine.run import Doors, Run
from omg.engine.scheduler import Scheduler
from omg.engine.task import EVERYWHERE, IN_SCOPE, Access, Task, task

__all__ = [
    "EVERYWHERE",
    "IN_SCOPE",
    "SHARED",
    "Access",
    "Doors",
    "Graph",
    "Outcome",
    "Record",
    "Run",
    "Scheduler",
    "Tally",
    "Task",
    "Work",
    "task",
]
