"""An Internet in one process: names and public addresses of our own making, which lead to servers on loopback.

Put on a crawler's PYTHONPATH by ``tests.spiders.toy``. What is in no table cannot be reached: no test leaves this machine.
"""

import errno
import json
import os
import pathlib
import socket

_TOY = json.loads(os.environ.get("TOY_INTERNET", "{}"))
_real_getaddrinfo, _RealSocket = socket.getaddrinfo, socket.socket
_asked = {}


def _note(line):
    with pathlib.Path(_TOY["log"]).open("a", encoding="utf-8") as log:
        log.write(line + "\n")


def _getaddrinfo(host, port, *args, **kwargs):
    name = host.decode() if isinstance(host, bytes) else host
    if name not in _TOY["names"]:
        return _real_getaddrinfo(host, port, *args, **kwargs)
    answers = _TOY["names"][name]
    turn = _asked.get(name, 0)
    _asked[name] = turn + 1
    _note(f"asked {name}")
    found = []
    for address in answers[min(turn, len(answers) - 1)]:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        rest = (0, 0) if ":" in address else ()
        found.append((family, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (address, int(port or 0), *rest)))
    return found


class _ToySocket(_RealSocket):
    def connect_ex(self, address):
        if not isinstance(address, tuple):
            return super().connect_ex(address)
        host, port = address[:2]
        _note(f"connected {host} {port}")
        if f"{host}:{port}" in _TOY["hosts"]:
            return super().connect_ex(("127.0.0.1", _TOY["hosts"][f"{host}:{port}"]))
        return super().connect_ex(address) if host.startswith("127.") else errno.ENETUNREACH


if _TOY:
    socket.getaddrinfo, socket.socket = _getaddrinfo, _ToySocket
