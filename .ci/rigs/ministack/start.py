"""Starts ministack, and mends where it is stricter or laxer than AWS.

Arguments: port, endpoint (the address that functions call; default: its own).

What it cannot show, mended or not: a delivery stream's buffer (a record is an
object at once), a crawl (it finds nothing), MSCK REPAIR TABLE, views and
Trino's SQL (its Athena is DuckDB over tables), DELETE_FAILED on a bucket with
objects (they are destroyed silently), roles of the delivery stream, the crawler
and the schedule (it asks for none), the rights of who calls CloudFormation over
the resources of a stack (it asks for none), metrics, and lifecycle rules.
"""

import json
import os
import sys

NUMBERS = {"IntervalInSeconds", "SizeInMBs", "BytesScannedCutoffPerQuery"}


def numbers(value):
    """CloudFormation gives a resource its numbers as numbers. ministack passes
    a Ref to a parameter on as text, which clients of the API cannot decode."""
    if isinstance(value, list):
        return [numbers(v) for v in value]
    if not isinstance(value, dict):
        return value
    return {k: int(v) if k in NUMBERS and isinstance(v, str) else numbers(v) for k, v in value.items()}


def mend_numbers(handlers):
    def mended(handler):
        return lambda *args: handler(*(numbers(a) for a in args))

    for name in ("AWS::KinesisFirehose::DeliveryStream", "AWS::Athena::WorkGroup"):
        for action in ("create", "update"):
            handlers[name][action] = mended(handlers[name][action])


def mend_transport(app):
    """The rig speaks HTTP on loopback and is taken for TLS, or bucket policies
    would refuse everything. A client shows the refusal by X-Forwarded-Proto."""
    serve = app.app

    async def served(scope, receive, send):
        if scope["type"] == "http" and all(name != b"x-forwarded-proto" for name, _ in scope["headers"]):
            scope = {**scope, "headers": [*scope["headers"], (b"x-forwarded-proto", b"https")]}
        await serve(scope, receive, send)

    app.app = served


def glue_resources(operation, body):
    """The catalog, the database and the table: Glue wants rights to each of
    them (Service Authorization Reference); ministack asks for one."""
    name = body.get("Name", "")
    if "Crawler" in operation:
        return ["crawler/" + (body.get("CrawlerName") or name)]
    database = body.get("DatabaseName") or (body.get("DatabaseInput") or {}).get("Name") or ("Database" in operation and name)
    table = body.get("TableName") or (body.get("TableInput") or {}).get("Name") or ("Table" in operation and name)
    found = ["catalog"]
    if database:
        found.append(f"database/{database}")
        if table:
            found.append(f"table/{database}/{table}")
    return found


def mend_resources(actions, evaluator):
    """Policies name log groups with a :* at the end, which AWS matches against
    the group's ARN with its stream; ministack leaves the stream out. A change
    set named by its ARN is the resource itself, and that of a query its
    workgroup; ministack wants rights to everything."""
    resource, enforce = actions.extract_resource_arn, evaluator.enforce

    def resources(service, method, path, headers, body, query, region, account):
        named = (query.get("ChangeSetName") or [""])[0]
        if service == "cloudformation" and "StackName" not in query and named.startswith("arn:"):
            return named
        if service not in ("athena", "glue", "logs"):
            return resource(service, method, path, headers, body, query, region, account)
        operation = headers.get("x-amz-target", "").rsplit(".", 1)[-1]
        fields = json.loads(body or b"{}")
        if service == "athena":
            from ministack.services.athena import _executions

            group = fields.get("WorkGroup") or _executions.get(fields.get("QueryExecutionId"), {}).get("WorkGroup", "primary")
            return f"arn:aws:athena:{region}:{account}:workgroup/{group}"
        if service == "glue":
            return " ".join(f"arn:aws:glue:{region}:{account}:{r}" for r in glue_resources(operation, fields))
        if "resourceArn" in fields:
            return fields["resourceArn"]
        group, stream = fields.get("logGroupName", ""), fields.get("logStreamName", "")
        return f"arn:aws:logs:{region}:{account}:log-group:{group}:log-stream:{stream}"

    def all_of(key, action, service, region, resource_arn="*", **context):
        for arn in resource_arn.split(" ") if service == "glue" else [resource_arn]:
            denied = enforce(key, action, service, region, resource_arn=arn, **context)
            if denied:
                return denied
        return None

    actions.extract_resource_arn, evaluator.enforce = resources, all_of


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
    import duckdb  # noqa: F401  the first record would wait for it, longer than the function does
    from ministack import app
    from ministack.core import iam_actions, iam_evaluator
    from ministack.services.cloudformation import provisioners

    mend_numbers(provisioners._RESOURCE_HANDLERS)
    mend_transport(app)
    mend_resources(iam_actions, iam_evaluator)
    app.main()


main()
