"""sos on a node whose system is an image: in toolbox, from a debug pod that sees the node's root at /host. Pure.

Everything of one pod has the pod's token in its name: the directory below /var/tmp, which holds reports, toolbox's
configuration and the program `sos`, and the container. So neither two runs on one node nor an administrator's own
toolbox get in each other's way. The pod's main process removes both when it is told to end, and by itself when nothing
has been run there for a while.
"""

import shlex

from omg.sos.script import (
    BEATING,
    BEGINNING,
    FOLDER,
    NO_FOLDER,
    NO_IMAGE,
    NO_PODMAN,
    NOT_PACKED,
    WATCHING,
    Sos,
    in_the_folder,
    told,
)

CREDENTIALS = "/var/lib/kubelet/config.json"
"""With which the kubelet pulls; on OpenShift it is the cluster's pull secret."""

PATIENCE = 30
"""Seconds without a word from omg after which a script's stdin ends."""

SILENCE = 3
"""Minutes without a command after which the pod's process takes it that omg is gone."""

NOTHING = b"omg-sos nothing"
"""Printed where there are no rotated logs."""

ROTATED = "*.log.*"
"""Names of rotated logs: the kubelet appends the time, and .gz to all but the newest."""


def base_of(token: str) -> str:
    """The directory on the node."""
    return FOLDER + token


def container_of(token: str) -> str:
    """The name of toolbox's container."""
    return f"omg-sos-{token}"


def toolbox_sos(token: str) -> Sos:
    """How sos is called in toolbox."""
    return Sos(f"{base_of(token)}/report", f"sh {base_of(token)}/sos", _stopping(token), kept_for=0)


def keeping(token: str) -> tuple[str, ...]:
    """The main process of the pod, which sees the node's root at /host."""
    script = f"""
# omg-sos keep
base=/host{base_of(token)}
leave() {{
	trap '' HUP INT TERM
	kill $! 2>/dev/null
	chroot /host sh -c '{_stopping(token)}' >/dev/null 2>&1
	rm -rf "$base"
	exit 0
}}
trap leave HUP INT TERM
mkdir -m 700 "$base" || exit {NO_FOLDER}
: >"$base/alive"
while [ -z "$(find "$base/alive" -mmin +{SILENCE})" ]; do
	sleep 5 &
	wait $!
done
leave
"""
    return ("sh", "-c", script)


def watched(token: str) -> str:
    """What runs each script on the node, its first argument, with a stdin that ends when omg is gone.

    Not every runtime ends a command's stdin when the client's connection breaks. So omg says something now and then;
    what hears it passes it on, tells the main process that somebody is there, and ends when nothing comes for a while.
    """
    base = base_of(token)
    return f"""
exec 3<&0
mkfifo {base}/ear.$$ || exit {NO_FOLDER}
(
	while [ -n "$(timeout {PATIENCE} head -c 1)" ]; do
		touch {base}/alive && echo
	done
) <&3 >{base}/ear.$$ 2>/dev/null &
ear_pid=$!
sh -c "$1" omg-sos <{base}/ear.$$ 3<&-
status=$?
kill "$ear_pid" 2>/dev/null
rm -f {base}/ear.$$
exit "$status"
"""


def preparing(token: str, image: str) -> str:
    """The script that pulls the image, and puts a program `sos` there that runs it in toolbox, or as toolbox would."""
    base, name, quoted = base_of(token), container_of(token), shlex.quote(image)
    registry, _, rest = image.partition("/")
    volumes = "-v /run:/run -v /var/log:/var/log -v /etc/machine-id:/etc/machine-id -v /etc/localtime:/etc/localtime"
    return f"""
# omg-sos prepare
{BEGINNING}
[ -d {base} ] || exit {NO_FOLDER}
command -v podman >/dev/null 2>&1 || exit {NO_PODMAN}
cat >{base}/.toolboxrc <<'omg-sos'
REGISTRY={shlex.quote(registry)}
IMAGE={shlex.quote(rest)}
TOOLBOX_NAME={name}
AUTHFILE={CREDENTIALS}
omg-sos
cat >{base}/sos <<'omg-sos'
HOME={base}
export HOME
command -v toolbox >/dev/null 2>&1 && exec toolbox sos "$@"
exec podman run --rm --name {name} --privileged --ipc=host --net=host --pid=host --security-opt label=disable \\
	-e HOST=/host -e NAME={name} -e IMAGE={quoted} {volumes} -v /:/host {quoted} sos "$@"
omg-sos
trap 'kill "$pull_pid" "$beat_pid" "$watch_pid" 2>/dev/null; exit 1' HUP INT TERM PIPE
{WATCHING}
{BEATING}
podman pull --quiet --authfile {CREDENTIALS} {quoted} >/dev/null 2>{base}/said </dev/null 3<&- &
pull_pid=$!
wait "$pull_pid"
status=$?
if [ "$status" -ne 0 ] && ! podman image exists {quoted} 2>/dev/null; then
	tail -n 3 {base}/said >&2
	status={NO_IMAGE}
else
	status=0
fi
trap - HUP INT TERM PIPE
kill "$watch_pid" "$beat_pid" 2>/dev/null
exit "$status"
"""


def packing(token: str) -> str:
    """The script that packs the rotated logs of the node's pods and prints where; `NOTHING` where there are none.

    A log that is rotated away meanwhile is left out: tar ends with 1 then, and with 2 where something is really wrong.
    """
    return f"""
# omg-sos pack
{BEGINNING}
{in_the_folder(base_of(token) + "/logs")}
cd /var/log || exit {NOT_PACKED}
find pods/ -type f -name '{ROTATED}' -print >"$dir/names" 2>/dev/null
if [ ! -s "$dir/names" ]; then
	rm -rf "$dir"
	echo '{NOTHING.decode()}'
	exit 0
fi
trap 'kill "$pack_pid" "$beat_pid" "$watch_pid" 2>/dev/null; rm -rf "$dir"; exit 1' HUP INT TERM PIPE
{WATCHING}
{BEATING}
tar --ignore-failed-read --no-recursion --verbatim-files-from -T "$dir/names" -I 'gzip -1' -cf "$dir/podlogs.tar.gz" \\
	>/dev/null 2>"$dir/said" </dev/null 3<&- &
pack_pid=$!
wait "$pack_pid"
if [ $? -gt 1 ]; then
	tail -n 3 "$dir/said" >&2
	kill "$watch_pid" "$beat_pid" 2>/dev/null
	rm -rf "$dir"
	exit {NOT_PACKED}
fi
{told("$dir/podlogs.tar.gz")}
trap - HUP INT TERM PIPE
kill "$watch_pid" 2>/dev/null
exit 0
"""


def _stopping(token: str) -> str:
    name = container_of(token)
    return f"podman kill {name}; podman rm --force {name}"
