"""Runs `openstack` commands inside the client's pod: loads the client once, authenticates once, forks per command.

omg never imports this file: it sends the text to `python3` in the pod, so it stands alone and keeps to Python 3.9. It
speaks over stdin and stdout: a frame is four bytes, the length of a JSON object in network order, and the object; the
object's `size`, if any, is the number of bytes of a command's output that follow it.

To here: {"id", "arguments", "limit"}, {"ping"}, {"end"}. From here: {"event": "loaded"}, then {"event": "ready"}, or
{"event": "denied" or "refused", "reason"} and the end; {"event": "pong"}; {"id", "stream", "size"} as a command prints,
and {"id", "code"} or {"id", "ended": "time limit" or "too long"} when it is over.

Nothing is left behind: no file is written; a command dies with its parent (PR_SET_PDEATHSIG), and what it has started
with the session (PR_SET_CHILD_SUBREAPER). The parent ends at the end of stdin, which a thread watches for until frames
are read; when no frame has come for its patience; and by SIGALRM a little later, whatever it is doing.
"""

import ctypes
import gc
import json
import os
import select
import selectors
import shutil
import signal
import struct
import sys
import threading
import time

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
BLOCK = 64 * 1024
TICK = 0.1  # seconds between two looks at a child of which either the process or the output has ended, not both
LINGER = 2.0  # seconds that output may come after its process has ended: something that it has started holds it open
LATE = 5  # seconds after the end of its patience when the parent is ended by force


def send(channel, head, data=b""):
    """Write one frame, whole."""
    if data:
        head = dict(head, size=len(data))
    text = json.dumps(head).encode()
    rest = memoryview(struct.pack(">I", len(text)) + text + data)
    while rest:
        rest = rest[os.write(channel, rest) :]


class Frames:
    """Takes frames out of bytes that come in any pieces."""

    def __init__(self):
        self._held = b""

    def feed(self, data):
        """The frames that are whole now."""
        self._held += data
        found = []
        while len(self._held) >= 4:
            size = struct.unpack(">I", self._held[:4])[0]
            if len(self._held) < 4 + size:
                break
            found.append(json.loads(self._held[4 : 4 + size]))
            self._held = self._held[4 + size :]
        return found


class Child:
    """One command that runs in a process of its own."""

    def __init__(self, number, pid, streams, limit):
        self.number = number
        self.pid = pid
        self.streams = streams  # file descriptor -> "stdout" or "stderr"
        self.deadline = time.monotonic() + limit
        self.printed = 0
        self.ended = None
        self.over_since = None

    def kill(self, why):
        """End it with everything that it has started."""
        self.ended = self.ended or why
        self._kill_group()

    def is_over(self, now):
        """Whether its process has ended, and its output with it, or nothing more of that is waited for."""
        if self.over_since is None:
            # It stays a zombie until `code` is asked: its number, and its group's, can't become another's meanwhile.
            if os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
                return False
            self.over_since = now
        return bool(self.ended) or not self.streams or now >= self.over_since + LINGER

    def code(self):
        """The exit status of the process, which is over or about to be; by a signal, as a shell counts it."""
        self._kill_group()  # what it has left behind
        _, status = os.waitpid(self.pid, 0)
        return 128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)

    def _kill_group(self):
        for kill in (os.killpg, os.kill):  # a child that was just made is no group yet
            try:
                kill(self.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                pass


class Server:
    """Takes commands from stdin and runs them, several at a time.

    Args:
        run: runs the arguments of one command in a child; returns its exit status.
        words: where frames come from.
        channel: where frames go.
        options: patience, parallel, longest: see omg's side.
    """

    def __init__(self, run, words, channel, options):
        self._run = run
        self._words = words
        self._channel = channel
        self._heard = time.monotonic()
        self._patience = options["patience"]
        self._parallel = options["parallel"]
        self._longest = options["longest"]
        self._frames = Frames()
        self._waiting = []
        self._children = {}
        self._selector = selectors.DefaultSelector()

    def serve(self):
        """Until omg says that it was all, or is gone."""
        self._selector.register(self._words, selectors.EVENT_READ)
        signal.alarm(self._patience + LATE)
        try:
            while time.monotonic() < self._heard + self._patience:
                for key, _ in self._selector.select(self._pause()):
                    if key.fd == self._words:
                        if not self._listen():
                            return
                    else:
                        self._forward(key.fd, key.data)
                self._look_after()
        finally:
            for child in self._children.values():
                child.kill("the end")
                child.code()
            try:
                end_orphans()
            except OSError:
                pass  # of another account: there is no way to end it

    def _pause(self):
        if any(child.over_since is not None or not child.streams for child in self._children.values()):
            return TICK
        return min([max(child.deadline - time.monotonic(), 0) for child in self._children.values()] + [1.0])

    def _listen(self):
        data = os.read(self._words, BLOCK)
        self._heard = time.monotonic()
        signal.alarm(self._patience + LATE)
        for frame in self._frames.feed(data):
            if "end" in frame:
                return False
            if "ping" in frame:
                send(self._channel, {"event": "pong"})
            else:
                self._waiting.append(frame)
        return bool(data)

    def _forward(self, fd, child):
        data = os.read(fd, BLOCK)
        if not data:
            self._close(fd, child)
            return
        child.printed += len(data)
        if child.printed > self._longest:
            child.kill("too long")
        elif child.ended is None:
            send(self._channel, {"id": child.number, "stream": child.streams[fd]}, data)

    def _close(self, fd, child):
        self._selector.unregister(fd)
        os.close(fd)
        del child.streams[fd]

    def _look_after(self):
        now = time.monotonic()
        for child in list(self._children.values()):
            if now >= child.deadline and child.ended is None and child.over_since is None:
                child.kill("time limit")
            if not child.is_over(now):
                continue
            code = child.code()
            for fd in list(child.streams):
                self._close(fd, child)
            del self._children[child.pid]
            end = {"ended": child.ended} if child.ended else {"code": code}
            send(self._channel, dict(end, id=child.number))
        for pid in orphans(self._children):
            os.waitpid(pid, os.WNOHANG)  # it may be of use to a command that runs; only its remains are taken away
        while self._waiting and len(self._children) < self._parallel:
            self._start(self._waiting.pop(0))

    def _start(self, frame):
        out, err = os.pipe(), os.pipe()
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            self._be_child(parent, out[1], err[1], frame["arguments"])
        os.close(out[1])
        os.close(err[1])
        try:
            os.setpgid(pid, pid)  # both sides do: whoever comes first
        except OSError:
            pass
        child = Child(frame["id"], pid, {out[0]: "stdout", err[0]: "stderr"}, frame["limit"])
        self._children[pid] = child
        for fd in child.streams:
            self._selector.register(fd, selectors.EVENT_READ, child)

    def _be_child(self, parent, out, err, arguments):
        code = 1
        try:
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)
            os.setpgid(0, 0)
            null = os.open(os.devnull, os.O_RDONLY)
            for source, target in ((null, 0), (out, 1), (err, 2)):
                os.dup2(source, target)
            os.closerange(3, 256)  # the siblings' pipes and omg's channel among them
            code = self._run(arguments)
            sys.stdout.flush()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
        except BaseException as error:
            sys.stderr.write("%s: %s\n" % (type(error).__name__, error))
        finally:
            for stream in (sys.stdout, sys.stderr):
                try:
                    stream.flush()
                except Exception:
                    code = code or 1
            os._exit(code or 0)


class Watch(threading.Thread):
    """Ends this process when nobody is at the other end of stdin: until frames are read, nothing else would notice."""

    def __init__(self, words):
        super().__init__(daemon=True)
        self._words = words
        self._told, self._tell = os.pipe()

    def run(self):
        """Wait for either."""
        poll = select.poll()
        poll.register(self._words, select.POLLRDHUP)  # and POLLHUP, which is always told
        poll.register(self._told, select.POLLIN)
        for fd, _ in poll.poll():
            if fd == self._words:
                os._exit(1)

    def stop(self):
        """No thread may be there when the first command is forked."""
        os.close(self._tell)
        self.join()
        os.close(self._told)


def orphans(known):
    """What commands have started and left behind: it became this process's when theirs ended."""
    try:
        with open("/proc/self/task/%d/children" % os.getpid()) as file:
            return [pid for pid in map(int, file.read().split()) if pid not in known]
    except OSError:
        return []  # no /proc, or a kernel that doesn't tell


def end_orphans():
    """End all of them, and what they have left in their turn."""
    while found := orphans(()):
        for pid in found:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def without_cache():
    """Keep stevedore from writing what it has found into the home directory."""
    try:
        from stevedore import _cache

        _cache._c._disable_caching = True
    except (ImportError, AttributeError):
        pass


def learn_plugins():
    """Load once what every command looks for: the packages that commands are of, and the ways to print a result.

    Where that fails, nothing is lost: each command looks for itself.
    """
    try:
        from cliff import command

        command._get_distributions_by_modules()
    except Exception:
        pass
    try:
        from stevedore import ExtensionManager

        for kind in ("list", "show"):
            ExtensionManager("cliff.formatter." + kind)
    except Exception:
        pass


class _AnyCommand:
    """What the client looks at before it authenticates for a command."""

    auth_required = True
    cmd_name = "omg"


def warm(shell_class, watch, words, channel, options):
    """Load the client, authenticate, and serve; returns when there is nothing more to do."""
    from keystoneauth1 import exceptions

    class Shell(shell_class):
        """The client, that stops where it would run its command, and runs omg's instead."""

        problem = "the client could not be set up"

        def run_subcommand(self, argv):
            try:
                self.prepare_to_run_command(_AnyCommand())
            except exceptions.ClientException as error:
                send(channel, {"event": "denied", "reason": str(error)})
                return 1
            except Exception as error:
                self.problem = "%s: %s" % (type(error).__name__, error)
                return 1
            session = getattr(self.client_manager, "session", None)
            if session is not None:
                session.session.close()  # no two children may share a connection
            gc.collect()
            gc.freeze()  # children don't copy what they never touch
            watch.stop()
            send(channel, {"event": "ready"})
            Server(run, words, channel, options).serve()
            return 0

    shell = Shell()

    def run(arguments):
        if not arguments[0].startswith("-"):
            return shell_class.run_subcommand(shell, arguments)
        return with_global_options(shell_class, shell, arguments)

    if shell.run(["service", "list"]):
        send(channel, {"event": "refused", "reason": shell.problem})


def with_global_options(shell_class, shell, arguments):
    """Run a command whose options concern the whole client: in a new client, with the login of the first."""
    try:
        state = shell.client_manager.auth.get_auth_state()
    except (AttributeError, NotImplementedError):
        state = None  # a login without a token of its own, such as admin_token

    class Fresh(shell_class):
        """A client that is logged in already."""

        def prepare_to_run_command(self, cmd):
            manager = self.client_manager
            manager._auth_required = getattr(cmd, "auth_required", False)
            if manager._auth_required and state is not None:
                manager.setup_auth()
                manager.auth.set_auth_state(state)
                manager._auth_ref = manager.auth.auth_ref
            super().prepare_to_run_command(cmd)

    return Fresh().run(arguments)


def main(options):
    """Everything, from the loading of the client to the end of stdin."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    signal.alarm(options["login"] + LATE)
    sys.dont_write_bytecode = True
    sys.path[:] = [entry for entry in sys.path if entry]
    sys.argv[:] = [shutil.which("openstack") or "openstack"]
    words, channel = os.dup(0), os.dup(1)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)  # what a library reads is no frame
    os.dup2(2, 1)  # what it prints isn't one either
    watch = Watch(words)
    watch.start()
    try:
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        without_cache()
        from openstackclient.shell import OpenStackShell

        learn_plugins()
        send(channel, {"event": "loaded"})
        warm(OpenStackShell, watch, words, channel, options)
    except (Exception, SystemExit) as error:
        send(channel, {"event": "refused", "reason": "%s: %s" % (type(error).__name__, error)})
    finally:
        sys.stderr.flush()
        os._exit(0)
