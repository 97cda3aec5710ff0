"""The worker: the engine as a process that QGIS talks to over stdin and stdout.

`python -m encoder_tool.worker` speaks the protocol of docs/worker-protocol.md. `wire` has frames
and streams, `calls` parses what comes in, `schedule` decides what is next, `server` reads and
answers, `methods` does the work. Only `methods` knows the engine, and is imported when the first
request is executed: the process answers pings a few milliseconds after its start.
"""
