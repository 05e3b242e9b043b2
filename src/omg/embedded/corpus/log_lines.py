"""The lines of each kind of log, with placeholders for the minute and a counter (see logs.py)."""

from __future__ import annotations

from collections.abc import Iterator

from omg.embedded.corpus.draws import Draw
from omg.embedded.corpus.log_texts import ACCESS, OPERATOR, OSLO, OTHER, PLACES, TRACEBACK

PLAIN, ISO, APACHE, COUNTER = "@@@@-@@-@@ @@:@@", "@@@@-@@-@@T@@:@@", "@@/@@@/@@@@:@@:@@", "@#@#@#@#"
# How many lines a minute has before its seconds are used up; the blocks of most styles hold fewer.
LINES = 700


def lines_of(style: str, seed: int) -> Iterator[bytes]:
    """The lines of one minute, more than a block holds; a style is ``access:keystone`` or ``galera``."""
    kind, _, of = style.partition(":")
    draw = Draw(seed, "lines", style)
    made = {"access": _access, "oslo": _oslo, "operator": _operator}.get(kind, _other)
    for at in range(LINES * 4):
        second, millisecond = divmod(min(at * 60_000 // LINES, 59_999), 1000)
        yield made(draw, of or kind, f"{second:02d}", f"{millisecond:03d}", at).encode() + b"\n"


def _oslo(draw: Draw, of: str, second: str, millisecond: str, at: int) -> str:
    service = of.partition("-")[0]
    modules, texts = OSLO.get(service, OSLO["oslo"])
    level = "WARNING" if at % 23 == 7 else "DEBUG" if at % 3 == 0 else "INFO"
    request = (
        f"req-{COUNTER}-{draw.hexadecimal(4)}-4{draw.hexadecimal(3)}-a{draw.hexadecimal(3)}-{draw.hexadecimal(12)}"
    )
    user, project = draw.pick(PLACES), draw.pick(PLACES)
    head = f"{PLAIN}:{second}.{millisecond} 7"
    if at % 151 == 70:
        traced = f"{head} ERROR {draw.pick(modules)} [None {request} {user} {project} - - default default] "
        return "\n".join(traced + line for line in TRACEBACK)
    text = _filled(draw.pick(texts), draw)
    return f"{head} {level} {draw.pick(modules)} [None {request} {user} {project} - - default default] {text}"


def _access(draw: Draw, of: str, second: str, _millisecond: str, _at: int) -> str:
    agent, paths = ACCESS.get(of.partition("-")[0], ACCESS["keystone"])
    method, path = _filled(draw.pick(paths), draw).split(" ", 1)
    code = draw.pick((200, 200, 200, 200, 201, 202, 204, 300, 401, 404))
    times = f"[{APACHE}:{second} +0000]"
    address = f"10.128.{draw.between(0, 5)}.{draw.between(2, 250)}"
    size = draw.between(90, 98000)
    return f'{address} - - {times} "{method} {path} HTTP/1.1" {code} {size} "-" "{agent}"'


def _operator(draw: Draw, of: str, second: str, millisecond: str, at: int) -> str:
    kind = of.removesuffix("-operator").capitalize()
    level, text = draw.pick(OPERATOR)
    return (
        f'{{"level":"{level}","ts":"{ISO}:{second}.{millisecond}Z","logger":"controllers.{kind}","msg":"{text}",'
        f'"controller":"{kind.lower()}","controllerGroup":"{kind.lower()}.openstack.org","controllerKind":"{kind}",'
        f'"{kind}":{{"name":"{kind.lower()}","namespace":"openstack"}},"namespace":"openstack","name":"{kind.lower()}",'
        f'"reconcileID":"{COUNTER}-{draw.hexadecimal(4)}-4{draw.hexadecimal(3)}-b{draw.hexadecimal(3)}-'
        f'{draw.hexadecimal(12)}","attempt":{at}}}'
    )


def _other(draw: Draw, of: str, second: str, millisecond: str, _at: int) -> str:
    head, texts = OTHER.get(of, OTHER["plain"])
    when = head.format(plain=PLAIN, iso=ISO, second=second, millisecond=millisecond)
    return when + _filled(draw.pick(texts), draw)


def _filled(text: str, draw: Draw) -> str:
    """``{id}``, ``{n}``, ``{ip}``, ``{hex}`` and ``{counter}`` in a text are drawn."""
    if "{" not in text:
        return text
    return (
        text.replace("{id}", draw.identity(), 1)
        .replace("{n}", str(draw.between(1, 4000)))
        .replace("{ip}", f"172.17.0.{draw.between(10, 250)}")
        .replace("{hex}", draw.hexadecimal(12))
        .replace("{counter}", COUNTER)
    )
