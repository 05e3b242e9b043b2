"""Collects what a support engineer needs to diagnose OpenStack on OpenShift."""

__version__ = "0.1.0"
