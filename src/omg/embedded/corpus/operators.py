"""How the operators got here: subscriptions, install plans, CSVs, packages, webhooks; and the state of the cluster."""

from __future__ import annotations

from omg.embedded.corpus.crds import API_OF
from omg.embedded.corpus.draws import name_end
from omg.embedded.corpus.objects import OPENSTACK, OPERATORS, Object, condition, made
from omg.embedded.corpus.times import DAY, INSTALLED, before
from omg.embedded.corpus.world import World

# package: where it is installed, its version
PACKAGES = {
    "openstack-operator": (OPERATORS, "1.0.6"),
    "cert-manager": ("cert-manager-operator", "1.15.1"),
    "kubernetes-nmstate-operator": ("openshift-nmstate", "4.18.0-202502250302"),
    "metallb-operator": ("metallb-system", "4.18.0-202502250302"),
    "cluster-observability-operator": ("openshift-operators", "1.1.1"),
    "cluster-logging": ("openshift-logging", "6.2.0"),
    "loki-operator": ("openshift-operators-redhat", "6.2.0"),
    "redhat-oadp-operator": ("openshift-adp", "1.4.4"),
    "baremetal-operator": ("baremetal-operator-system", "0.9.0"),
}
ONLY_OFFERED = ("ansible-automation-platform-operator", "elasticsearch-operator", "quay-operator", "web-terminal")
HOOKED = ("nova", "cinder", "keystone", "openstackcontrolplane", "openstackdataplanenodeset")
CLUSTER_OPERATORS = ("dns", "etcd", "ingress", "kube-apiserver", "machine-api", "monitoring", "network", "storage")


def add_operators(world: World) -> None:
    """Add everything that OLM and the cluster's own operators keep."""
    for package, (namespace, version) in PACKAGES.items():
        _add_package(world, package, namespace, version)
    for package in (*PACKAGES, *ONLY_OFFERED):
        channels = [{"name": "stable", "currentCSV": f"{package}.v{PACKAGES.get(package, ('', '1.0.0'))[1]}"}]
        status = {
            "catalogSource": "redhat-operators",
            "catalogSourceDisplayName": "Red Hat Operators",
            "channels": channels,
            "packageName": package,
            "provider": {"name": "Red Hat"},
        }
        api = API_OF["PackageManifest"]
        labels = {"catalog": "redhat-operators", "catalog-namespace": "openshift-marketplace"}
        world.add(made("PackageManifest", package, "openshift-marketplace", api=api, labels=labels, status=status))
    spec = {"sourceType": "grpc", "image": "registry.redhat.io/redhat/redhat-operator-index:v4.18"}
    api = API_OF["CatalogSource"]
    world.add(made("CatalogSource", "redhat-operators", "openshift-marketplace", api=api, spec=spec))
    _add_cluster(world)
    _add_hooks(world)


def _add_package(world: World, package: str, namespace: str, version: str) -> None:
    csv = f"{package}.v{version}"
    spec: Object = {
        "channel": "stable",
        "name": package,
        "source": "redhat-operators",
        "installPlanApproval": "Automatic",
    }
    api = API_OF["Subscription"]
    status: Object = {"currentCSV": csv, "installedCSV": csv, "state": "AtLatestKnown", "lastUpdated": before(DAY)}
    world.add(made("Subscription", package, namespace, api=api, age=INSTALLED, spec=spec, status=status))
    group = made(
        "OperatorGroup",
        f"{package}-group",
        namespace,
        api=API_OF["OperatorGroup"],
        age=INSTALLED,
        spec={"upgradeStrategy": "Default"},
        status={"lastUpdated": before(INSTALLED), "namespaces": [""]},
    )
    world.add(group)
    for copy in range(world.scale):
        spec = {"approval": "Automatic", "approved": True, "clusterServiceVersionNames": [csv], "generation": copy + 1}
        name = f"install-{name_end(5, package, copy)}"
        status = {"phase": "Complete", "catalogSources": ["redhat-operators"]}
        api = API_OF["InstallPlan"]
        world.add(made("InstallPlan", name, namespace, api=api, age=INSTALLED, spec=spec, status=status))
    where = f"ClusterServiceVersion {namespace}/{csv}"
    variables = [
        {"name": "RELATED_IMAGE_MANAGER", "value": f"registry.redhat.io/rhoso/{package}-rhel9:{version}"},
        {"name": "OPERATOR_CONDITION_NAME", "value": csv},
        {"name": "PROXY_PASSWORD", "value": world.plants.plant(world.draw(where).password(), "key", where)},
    ]
    deployment = {
        "name": f"{package}-controller-manager",
        "spec": {"template": {"spec": {"containers": [{"name": "manager", "env": variables}]}}},
    }
    spec = {
        "displayName": package.replace("-", " ").title(),
        "version": version,
        "install": {"strategy": "deployment", "spec": {"deployments": [deployment]}},
        "installModes": [{"supported": True, "type": "AllNamespaces"}],
    }
    status = {
        "phase": "Succeeded",
        "reason": "InstallSucceeded",
        "message": "install strategy completed with no errors",
    }
    api = API_OF["ClusterServiceVersion"]
    world.add(made("ClusterServiceVersion", csv, namespace, api=api, age=INSTALLED, spec=spec, status=status))


def _add_cluster(world: World) -> None:
    version = "4.18.8"
    history = [{"state": "Completed", "version": version, "completionTime": before(INSTALLED - 90)}]
    told = [
        condition("Available", message=f"Done applying {version}", age=INSTALLED - 90),
        condition("Failing", ok=False),
    ]
    status: Object = {"conditions": told, "desired": {"version": version}, "history": history}
    spec: Object = {"channel": "stable-4.18", "clusterID": world.draw("cluster").identity()}
    api = API_OF["ClusterVersion"]
    world.add(made("ClusterVersion", "version", api=api, age=INSTALLED, spec=spec, status=status))
    for name in CLUSTER_OPERATORS:
        degraded = name == "monitoring"
        text = "UpdatingNodeExporter: 1 of 6 nodes is not ready" if degraded else ""
        told = [
            condition("Available", age=INSTALLED),
            condition("Degraded", ok=degraded, reason="AsExpected", message=text),
        ]
        status = {"conditions": told, "versions": [{"name": "operator", "version": version}]}
        world.add(made("ClusterOperator", name, api=API_OF["ClusterOperator"], age=INSTALLED, spec={}, status=status))
    status = {"infrastructureName": "ostest-x4k2z", "platform": "BareMetal", "controlPlaneTopology": "HighlyAvailable"}
    world.add(made("Infrastructure", "cluster", api=API_OF["Infrastructure"], age=INSTALLED, spec={}, status=status))
    status = {"networkType": "OVNKubernetes", "clusterNetwork": [{"cidr": "10.128.0.0/14", "hostPrefix": 23}]}
    world.add(made("Network", "cluster", api="config.openshift.io/v1", age=INSTALLED, spec={}, status=status))


def _add_hooks(world: World) -> None:
    for kind, verb, start in (("Mutating", "mutate", "m"), ("Validating", "validate", "v")):
        for name in HOOKED:
            world.add(_hook(f"{kind}WebhookConfiguration", name, verb, start))


def _hook(kind: str, name: str, verb: str, start: str) -> Object:
    """A webhook as the operators have, which selects only objects that carry a label that none here has.

    A real API server must take the corpus, and nobody answers there.
    """
    group = "core" if name == "openstackcontrolplane" else "dataplane" if "dataplane" in name else name
    hook: Object = {
        "admissionReviewVersions": ["v1"],
        "clientConfig": {
            "service": {
                "name": "openstack-operator-webhook-service",
                "namespace": OPERATORS,
                "path": f"/{verb}-{group}-openstack-org-v1beta1-{name}",
                "port": 443,
            }
        },
        "failurePolicy": "Fail",
        "matchPolicy": "Equivalent",
        "name": f"{start}{name}-v1beta1.kb.io",
        "namespaceSelector": {},
        "objectSelector": {"matchLabels": {"openstack.org/admission": "strict"}},
        "rules": [
            {
                "apiGroups": [f"{group}.openstack.org"],
                "apiVersions": ["v1beta1"],
                "operations": ["CREATE", "UPDATE"],
                "resources": [f"{name}s"],
                "scope": "*",
            }
        ],
        "sideEffects": "None",
        "timeoutSeconds": 10,
    }
    if verb == "mutate":
        hook["reinvocationPolicy"] = "Never"
    labels = {"olm.owner.namespace": OPERATORS}
    return made(
        kind,
        f"{start}{name}.kb.io-{name_end(5, kind, name)}",
        api="admissionregistration.k8s.io/v1",
        labels=labels,
        age=INSTALLED,
        webhooks=[hook],
    )


def add_builds(world: World) -> None:
    """Add an image that is built in the cluster, as few control planes have."""
    spec: Object = {
        "lookupPolicy": {"local": False},
        "tags": [{"name": "latest", "referencePolicy": {"type": "Source"}}],
    }
    status = {"dockerImageRepository": "image-registry.openshift-image-registry.svc:5000/openstack/horizon-theme"}
    world.add(made("ImageStream", "horizon-theme", OPENSTACK, api=API_OF["ImageStream"], spec=spec, status=status))
    where = f"BuildConfig {OPENSTACK}/horizon-theme"
    token = world.plants.plant(world.draw(where).word(36), "shape", where)
    spec = {
        "source": {"type": "Git", "git": {"uri": f"https://ci:{token}@git.example.com/cloud/horizon-theme.git"}},
        "output": {"to": {"kind": "ImageStreamTag", "name": "horizon-theme:latest"}},
        "strategy": {"type": "Docker"},
    }
    told = {"lastVersion": 3}
    world.add(made("BuildConfig", "horizon-theme", OPENSTACK, api=API_OF["BuildConfig"], spec=spec, status=told))
