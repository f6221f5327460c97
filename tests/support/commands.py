"""A process that runs commands of ``coopledger`` for scripts, each in a child of its own that has all loaded already.

It has one thread, so that it may fork. ``python -m tests.support.commands SOCKET`` says ``ready``, and ends when its
input is closed; a script that ``write_program`` makes sends what it was called with. Whoever ends the script ends its
command.
"""

import json
import os
import select
import signal
import socket
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from unittest.mock import patch

from flows import runners
from flows.cli import run_command
from flows.shards import extractor
from tests.support.pools import Here

_LARGEST = 1 << 20  # bytes of a call: folder, arguments, environment
_LATE = ("flows.normaliser", "review")  # modules that a command imports when it is known to need them
_PROGRAM = """#!{python} -IS
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as asked:
    asked.connect({address!r})
    call = [os.getcwd(), sys.argv[1:], dict(os.environ)]
    socket.send_fds(asked, [json.dumps(call).encode()], [0, 1, 2])
    sys.exit(asked.recv(1)[0])
"""


def write_program(path: Path, address: Path) -> None:
    """Write a program that has its command run by the process that listens at an address."""
    path.write_text(_PROGRAM.format(python=sys.executable, address=str(address)), encoding="utf-8")
    path.chmod(0o755)


def serve(address: str) -> None:
    """Run the commands that are sent, one after the other."""
    patch.object(runners, "Worker", Here).start()  # until this process ends
    extractor(None)("In October 2014 Peru lent Chile $5 million.")  # what is loaded at the first call, no child has to
    for module in _LATE:
        import_module(module)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(address)
        listening.listen()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while sys.stdin not in select.select([listening, sys.stdin], [], [])[0]:
            asked, _ = listening.accept()
            with asked:
                call, handles, *_ = socket.recv_fds(asked, _LARGEST, 3)
                status = _ended(call, handles, asked)
                for handle in handles:
                    os.close(handle)
                with suppress(BrokenPipeError):
                    asked.send(bytes([status]))


def _ended(call: bytes, handles: list[int], asked: socket.socket) -> int:
    """Have a child run a command, and end it when its script hangs up; return the child's status."""
    held_by_nobody, held_by_child = os.pipe()
    child = os.fork()
    if child == 0:
        _run(call, handles)
    os.close(held_by_child)
    if asked in select.select([asked, held_by_nobody], [], [])[0]:
        os.kill(child, signal.SIGTERM)
    os.close(held_by_nobody)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) & 255


def _run(call: bytes, handles: list[int]) -> None:
    """Be the program that was called, and end with its status."""
    folder, arguments, environment = json.loads(call)
    for number, handle in enumerate(handles):
        os.dup2(handle, number)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    status = 1
    try:
        status = run_command(arguments)
        sys.stdout.flush()
    finally:
        os._exit(status)


if __name__ == "__main__":
    serve(sys.argv[1])
