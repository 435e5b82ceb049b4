"""Starts ministack and mends what it does not do as CloudFormation does.

Arguments: port, endpoint (the address that functions call; default: its own).

CloudFormation gives a resource its numbers as numbers, whatever the template
wrote; ministack passes a Ref to a parameter on as text, and a client of the
API then cannot decode it.
"""

import os
import sys

NUMBERS = {"IntervalInSeconds", "SizeInMBs", "BytesScannedCutoffPerQuery"}
TYPES = ("AWS::KinesisFirehose::DeliveryStream", "AWS::Athena::WorkGroup")


def numbers(value):
    if isinstance(value, list):
        return [numbers(v) for v in value]
    if not isinstance(value, dict):
        return value
    return {k: int(v) if k in NUMBERS and isinstance(v, str) else numbers(v) for k, v in value.items()}


def with_numbers(handler):
    def mended(*args):
        return handler(*(numbers(a) for a in args))

    return mended


def main():
    port = sys.argv[1]
    os.environ.update(
        GATEWAY_PORT=port,
        BIND_HOST="127.0.0.1",
        AUTH="true",
        IOT_MTLS_ENABLED="0",  # would listen on all addresses
        AWS_ENDPOINT_URL=sys.argv[2] if len(sys.argv) > 2 else f"http://127.0.0.1:{port}",
    )
    sys.argv[1:] = []
    # Only now: the modules read the environment as they are imported.
    from ministack import app
    from ministack.services.cloudformation import provisioners

    for name in TYPES:
        handlers = provisioners._RESOURCE_HANDLERS[name]
        for action in ("create", "update"):
            handlers[action] = with_numbers(handlers[action])
    app.main()


main()
