"""The `openstack` client inside the control plane's pod: many commands in one process, which omg talks to."""
