"""The door to the Kubernetes API: the only importer of kubernetes_asyncio and of aiohttp's client."""

from omg.cluster.lean_import import enter_bare_packages

enter_bare_packages()  # before any module of this package imports kubernetes_asyncio
