"""The door to EDPM nodes: the only importer of asyncssh, which is imported when a node is first spoken to."""
