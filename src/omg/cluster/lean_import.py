"""Loads of aiohttp and kubernetes_asyncio what omg uses: no authorities, and not the model of every kind.

When aiohttp is imported, it reads all authorities of the system into two TLS contexts, of which omg uses neither: it
brings its own to each request (`tls.py`). They are made without any, which saves a tenth of omg's start, and believe
nobody.

kubernetes_asyncio's own `__init__` imports a class for every kind and every API group, some 1,500 modules: 0.3 s and
33 MB, of which omg uses nothing, for it reads raw JSON. So its packages are entered into `sys.modules` without their
`__init__` being run; their other modules are imported as they are, when they are asked for.
"""

import ssl
import sys
from importlib.abc import Loader
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import module_from_spec
from types import ModuleType

from omg.settings import have_a_home

PACKAGE = "kubernetes_asyncio"
CLIENT = f"{PACKAGE}.client"
MODELS = f"{CLIENT}.models"


class _Bare(Loader):
    """Creates a package's module and runs nothing in it."""

    def create_module(self, _spec: ModuleSpec) -> ModuleType | None:
        return None

    def exec_module(self, _module: ModuleType) -> None:
        return None


def enter_bare_packages() -> bool:
    """Enter the packages; False where somebody has imported the library already or it is laid out otherwise.

    Either way the library's own imports work afterwards.
    """
    have_a_home()
    _import_aiohttp()
    if PACKAGE in sys.modules:
        return False
    path: list[str] | None = None
    bare: dict[str, ModuleType] = {}
    for name in (PACKAGE, CLIENT, MODELS):
        spec = PathFinder.find_spec(name, path)
        if spec is None or spec.submodule_search_locations is None:
            return False
        path = list(spec.submodule_search_locations)
        bare[name] = _bare_package(name, path)
    sys.modules.update(bare)
    for name, module in bare.items():
        parent, _, child = name.rpartition(".")
        if parent:
            setattr(bare[parent], child, module)
    try:
        _give_the_client_its_classes(bare[CLIENT])
    except ImportError:
        for name in [one for one in sys.modules if one == PACKAGE or one.startswith(f"{PACKAGE}.")]:
            del sys.modules[name]
        return False
    return True


def _import_aiohttp() -> None:
    """Import it without the system's authorities, as far as nobody has yet."""
    reading = {name: ssl.SSLContext.__dict__.get(name) for name in ("load_default_certs", "set_default_verify_paths")}
    for name in reading:
        setattr(ssl.SSLContext, name, lambda _context, *_purpose: None)
    try:
        import aiohttp  # noqa: F401, PLC0415 - while nothing is read
    finally:
        for name, own in reading.items():
            if own is None:
                delattr(ssl.SSLContext, name)  # what it inherits is seen again
            else:
                setattr(ssl.SSLContext, name, own)


def _bare_package(name: str, path: list[str]) -> ModuleType:
    spec = ModuleSpec(name, _Bare(), is_package=True)
    spec.submodule_search_locations = path
    return module_from_spec(spec)


def _give_the_client_its_classes(client: ModuleType) -> None:
    """What kubernetes_asyncio.config imports from the client by name."""
    from kubernetes_asyncio.client.api_client import ApiClient  # noqa: PLC0415 - the packages must be entered before
    from kubernetes_asyncio.client.configuration import Configuration  # noqa: PLC0415

    client.ApiClient = ApiClient  # type: ignore[attr-defined]
    client.Configuration = Configuration  # type: ignore[attr-defined]
