"""The door to the Kubernetes API: the only importer of kubernetes_asyncio and of aiohttp's client."""
