from omg.cluster.resource import Resource

PODS = Resource("", "v1", "pods", "Pod", namespaced=True)
ROUTES = Resource("route.openshift.io", "v1", "routes", "Route", namespaced=True)


def test_the_core_group_has_no_name() -> None:
    assert (PODS.name, PODS.api_version) == ("pods", "v1")
    assert (ROUTES.name, ROUTES.api_version) == ("routes.route.openshift.io", "route.openshift.io/v1")


def test_paths_name_what_is_asked_for() -> None:
    assert PODS.path() == "/api/v1/pods"
    assert PODS.path(namespace="openstack", name="nova", subresource="log") == (
        "/api/v1/namespaces/openstack/pods/nova/log"
    )
    assert ROUTES.path(namespace="a") == "/apis/route.openshift.io/v1/namespaces/a/routes"


def test_a_hostile_name_stays_one_part_of_the_path() -> None:
    assert PODS.path(namespace="..", name="a/b?c#d%2e:é") == "/api/v1/namespaces/../pods/a%2Fb%3Fc%23d%252e%3A%C3%A9"
