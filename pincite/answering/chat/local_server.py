"""The child process that serves a model file: run as a script, without the rest of Pincite.

It reads its orders, one line of JSON, from stdin, writes its address to stdout and lives until
stdin ends, which it does with its parent, however that dies. It listens on loopback only, wants a
key that only the parent has, writes no log and keeps no prompts for later.
"""

import json
import os
import signal
import sys


def main() -> None:
    import xllamacpp

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, whose end ends us
    order = json.loads(sys.stdin.readline())
    params = xllamacpp.CommonParams()
    params.model.path = order["path"]
    params.n_ctx = order["context"]
    # A thread for each processor waits in a loop for the slowest: with anything else running on
    # two of them, 2 words a second in place of 30.
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = order["threads"]
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [order["key"]]
    params.offline = True
    params.ui = params.endpoint_slots = params.endpoint_props = params.endpoint_metrics = False
    params.cache_ram_mib = 0
    params.verbosity = -1
    try:
        server = xllamacpp.Server(params)
    except RuntimeError:
        os._exit(1)
    print(server.listening_address, flush=True)  # noqa: T201 - the parent reads it
    sys.stdin.read()
    os._exit(0)  # tearing the server down in the middle of an answer may take a minute, or crash


if __name__ == "__main__":
    main()
