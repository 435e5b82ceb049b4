"""The function the way the article has it: five fields, one put_record, the image."""
import json
import os

import boto3

firehose = boto3.client("firehose")
IMAGE = "R0lGODlhAQABAIAAAAAAAAAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw=="


def handler(event, context):
    http = event["requestContext"]["http"]
    query = event.get("queryStringParameters") or {}
    record = {
        "thirdparty": query.get("thirdpartyname", ""),
        "user": query.get("userid", ""),
        "agent": event["headers"].get("user-agent", ""),
        "ip": http["sourceIp"],
        "date": event["requestContext"]["time"],
    }
    firehose.put_record(
        DeliveryStreamName=os.environ["PIXELCTL_STREAM"],
        Record={"Data": json.dumps(record) + "\n"},
    )
    return {
        "statusCode": 200,
        "headers": {"Content-Type": "image/gif"},
        "isBase64Encoded": True,
        "body": IMAGE,
    }
