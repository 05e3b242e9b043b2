"""Pods and nodes in words, as `kubectl describe` prints them. Pure.

The shape of the text is that of kubectl 1.36 (k8s.io/kubectl/pkg/describe); a test compares both on a real server.
"""

from omg.describe.nodes import NodeSlice, PodOnNode, Surroundings, describe_node, pod_on_node
from omg.describe.pods import describe_pod

__all__ = ["NodeSlice", "PodOnNode", "Surroundings", "describe_node", "describe_pod", "pod_on_node"]
