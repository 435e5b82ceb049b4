"""Starts microburst, with its own arguments, and mends what a proxy must keep.

It drops Content-Length, which is all that a HEAD of an object tells, and puts
its upstream's name in the place of Host, which is signed, and names the API.
"""

import sys

from microburst import cli, forward

forward.HOP_BY_HOP = forward.HOP_BY_HOP - {"content-length"}
outbound = forward.Upstream._outbound_headers


def with_host(self, request):
    return {**outbound(self, request), "host": request.headers["Host"]}


forward.Upstream._outbound_headers = with_host
sys.exit(cli.main())
