"""A stand-in for the client's packages, as much as the driver touches: for what a real client won't do on demand.

The real client is driven in tests/cluster.
"""

from pathlib import Path

SHELL = """
import os, signal, sys, time

class Auth:
    def get_auth_state(self):
        return "state"
    def set_auth_state(self, state):
        self.auth_ref = state

class Manager:
    def __init__(self):
        self.auth = Auth()
        self.session = self
    session = None
    def close(self):
        pass
    def setup_auth(self):
        self.auth = Auth()

class OpenStackShell:
    def __init__(self):
        self.client_manager = Manager()
        self.client_manager.session = type("S", (), {"session": Manager()})()
    def run(self, argv):
        words = [word for word in argv if not word.startswith("--os-")]
        return self.run_subcommand(words)
    def prepare_to_run_command(self, cmd):
        from keystoneauth1 import exceptions
        if os.environ.get("STUB") == "denied":
            raise exceptions.ClientException("The password is wrong.")
        if os.environ.get("STUB") == "hangs":
            time.sleep(60)
        if os.environ.get("STUB") == "reads":
            print("The login reads", sys.stdin.read())
        if os.environ.get("STUB") == "misconfigured":
            raise ValueError("Missing value auth-url.")
    def run_subcommand(self, argv):
        print_, rest = argv[0], argv[1:]
        if print_ == "echo":
            print(" ".join(rest))
        elif print_ == "fail":
            sys.stderr.write("It failed.\\n")
            return 3
        elif print_ == "raise":
            raise RuntimeError("It raised.")
        elif print_ == "exit":
            sys.exit(7)
        elif print_ == "hang":
            print("before", flush=True)
            time.sleep(60)
        elif print_ == "pid":
            print(os.getpid())
        elif print_ in ("leaves", "daemon", "stubborn"):
            pid = os.fork()
            if pid == 0:
                if print_ == "daemon":
                    os.setsid()
                if print_ == "stubborn":
                    for one in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                        signal.signal(one, signal.SIG_IGN)
                time.sleep(60)
                os._exit(0)
            print(pid, flush=True)
            if print_ == "stubborn":
                for one in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                    signal.signal(one, signal.SIG_IGN)
                time.sleep(60)
        elif print_ == "crash":
            print("before", flush=True)
            os.kill(os.getpid(), signal.SIGSEGV)
        elif print_ == "flood":
            block = b"x" * 65536
            for _ in range(int(rest[0]) // len(block)):
                os.write(1, block)
        elif print_ == "bytes":
            sys.stdout.buffer.write(bytes(range(256)))
        elif print_ == "warn":
            sys.stderr.write("This is deprecated.\\n")
            print("table")
        elif print_ == "read":
            print(repr(sys.stdin.read()))
        return 0
"""

EXCEPTIONS = "class exceptions:\n    class ClientException(Exception):\n        pass\n"


def install(folder: Path) -> Path:
    """Write the packages; the folder is for PYTHONPATH."""
    for package, name, text in (("openstackclient", "shell", SHELL), ("keystoneauth1", "__init__", EXCEPTIONS)):
        (folder / package).mkdir(parents=True, exist_ok=True)
        (folder / package / "__init__.py").touch()
        (folder / package / f"{name}.py").write_text(text)
    return folder
