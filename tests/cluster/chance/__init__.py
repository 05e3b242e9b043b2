"""Pods, nodes and events drawn by chance from all that the API of Kubernetes 1.36 has; a seed gives the same."""
