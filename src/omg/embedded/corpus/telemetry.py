"""Metrics and logs of the cloud: what the telemetry operator and the observability operators have made."""

from __future__ import annotations

from omg.embedded.corpus.crds import API_OF
from omg.embedded.corpus.namespaces import CUSTOMER
from omg.embedded.corpus.objects import OPENSTACK, Object, condition, made
from omg.embedded.corpus.world import World

SCRAPED = ("ceilometer", "node-exporter", "rabbitmq", "ovn-northd", "kube-state-metrics", "podman-exporter")
READY = {"conditions": [condition("Ready", message="Setup complete")]}


def add_telemetry(world: World) -> None:
    """Add them."""
    where = f"Alertmanager {OPENSTACK}/metric-storage"
    draw, plant = world.draw(where), world.plants.plant
    for kind in ("MonitoringStack", "Prometheus"):
        spec: Object = {"retention": "24h", "resources": {}, "replicas": 1}
        world.add(made(kind, "metric-storage", OPENSTACK, api=API_OF[kind], spec=spec, status=READY))
    alerting = {
        "replicas": 1,
        "alertmanagerConfiguration": {
            "global": {
                "smtpAuthPassword": plant(draw.password(), "key", where),
                "slackApiUrl": f"https://alerts:{plant(draw.word(22), 'shape', where)}@hooks.example.com/T0/B0",
            }
        },
    }
    world.add(
        made("Alertmanager", "metric-storage", OPENSTACK, api=API_OF["Alertmanager"], spec=alerting, status=READY)
    )
    for name in SCRAPED:
        where = f"ScrapeConfig {OPENSTACK}/telemetry-{name}"
        spec = {
            "staticConfigs": [{"targets": [f"{name}.openstack.svc:9100"]}],
            "params": {"token": [plant(world.draw(where).hexadecimal(40), "key", where)]},
        }
        world.add(made("ScrapeConfig", f"telemetry-{name}", OPENSTACK, api=API_OF["ScrapeConfig"], spec=spec))
        rules = [{"alert": f"{name.title()}Down", "expr": f'up{{job="{name}"}} == 0', "for": "5m"}]
        spec = {"groups": [{"name": name, "rules": rules}]}
        world.add(made("PrometheusRule", f"telemetry-{name}", OPENSTACK, api=API_OF["PrometheusRule"], spec=spec))
    spec = {
        "selector": {"matchLabels": {"service": "ceilometer"}},
        "endpoints": [{"interval": "30s", "path": "/metrics"}],
    }
    world.add(made("ServiceMonitor", "ceilometer", OPENSTACK, api=API_OF["ServiceMonitor"], spec=spec))
    _add_logging(world)
    spec = {"type": "Dashboards"}
    world.add(made("UIPlugin", "dashboards", api=API_OF["UIPlugin"], spec=spec, status=READY))
    for name in ("cart", "web"):
        world.add(made("Widget", name, CUSTOMER, api=API_OF["Widget"], spec={"colour": "blue"}, status=READY))


def _add_logging(world: World) -> None:
    namespace = "openshift-logging"
    where = f"ClusterLogForwarder {namespace}/collector"
    draw, plant = world.draw(where), world.plants.plant
    outputs = [
        {"name": "lokistack", "type": "lokiStack", "lokiStack": {"target": {"name": "logging-loki"}}},
        {
            "name": "siem",
            "type": "http",
            "http": {
                "url": "https://siem.example.com/ingest",
                "headers": {"Authorization": f"Bearer {plant(draw.web_token('siem'), 'shape', where)}"},
            },
        },
    ]
    spec: Object = {"managementState": "Managed", "outputs": outputs, "serviceAccount": {"name": "collector"}}
    api = API_OF["ClusterLogForwarder"]
    world.add(made("ClusterLogForwarder", "collector", namespace, api=api, spec=spec, status=READY))
    storage = {"secret": {"name": "logging-loki-s3", "type": "s3"}, "schemas": [{"version": "v13"}]}
    pending = condition(
        "Pending", reason="PendingComponents", message="Some LokiStack components pending on dependencies"
    )
    spec = {"size": "1x.small", "storage": storage, "storageClassName": "lvms-vg1"}
    status = {"conditions": [pending, condition("Ready", ok=False, reason="PendingComponents")]}
    world.add(made("LokiStack", "logging-loki", namespace, api=API_OF["LokiStack"], spec=spec, status=status))
    spec = {"managementState": "Managed", "collection": {"type": "vector"}}
    world.add(made("ClusterLogging", "instance", namespace, api=API_OF["ClusterLogging"], spec=spec, status=READY))
