"""A Kubernetes API in this process, over a corpus: the demo and the fast tests stand on it."""

from omg.embedded.faults import Fault, Faults
from omg.embedded.rbac import Rbac
from omg.embedded.server import EmbeddedCluster, Seen
from omg.embedded.store import Store
from omg.embedded.streams import V4, V5
from omg.embedded.threaded import in_thread

__all__ = ["V4", "V5", "EmbeddedCluster", "Fault", "Faults", "Rbac", "Seen", "Store", "in_thread"]
