"""Judges every policy of a template (JSON) with parliament.

usage: policies.py TEMPLATE.json...
References are resolved to ARNs of made-up resources first, since parliament
compares the form of an ARN with what an action takes. Trust and bucket policies
are not judged here: parliament takes their missing Resource or their Principal
for a fault, and cfn-lint, checkov and cdk-nag read them.
"""

import json
import re
import sys

import parliament

ACCOUNT, REGION = "111122223333", "us-east-1"
PSEUDO = {
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::AccountId": ACCOUNT,
    "AWS::StackName": "pixelctl",
    "AWS::URLSuffix": "amazonaws.com",
}
NOTHING = object()  # AWS::NoValue
ARNS = {
    "AWS::S3::Bucket": "arn:aws:s3:::{name}",
    "AWS::KinesisFirehose::DeliveryStream": f"arn:aws:firehose:{REGION}:{ACCOUNT}:deliverystream/{{name}}",
    "AWS::Logs::LogGroup": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{{name}}:*",
    "AWS::Lambda::Function": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{{name}}",
    "AWS::SecretsManager::Secret": f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{{name}}-a1b2c3",
    "AWS::IAM::Role": f"arn:aws:iam::{ACCOUNT}:role/{{name}}",
}


class Resolver:
    """Resolves the intrinsic functions that policies use; any other is an error."""

    def __init__(self, template):
        self.resources = template["Resources"]
        self.parameters = {k: v.get("Default", "x") for k, v in template["Parameters"].items()}
        self.conditions = template["Conditions"]

    def ref(self, name):
        if name == "AWS::NoValue":
            return NOTHING
        if name in PSEUDO:
            return PSEUDO[name]
        if name in self.parameters:
            return str(self.parameters[name])
        return name.lower()

    def attribute(self, name, attribute):
        secret = self.resources[name]["Type"] == "AWS::SecretsManager::Secret"  # whose Id is its ARN
        if attribute != ("Id" if secret else "Arn"):
            raise ValueError(f"{name}.{attribute} is not resolved")
        return ARNS[self.resources[name]["Type"]].format(name=name.lower())

    def substitute(self, text):
        def value(match):
            name, _, attribute = match[1].partition(".")
            return self.attribute(name, attribute) if attribute else self.ref(name)

        return re.sub(r"\$\{([^!}]+)\}", value, text)

    def holds(self, condition):
        (kind, args), = condition.items()
        if kind == "Condition":
            return self.holds(self.conditions[args])
        if kind == "Fn::Equals":
            left, right = (str(self.value(a)) for a in args)
            return left == right
        results = [self.holds(a) for a in args]
        return {"Fn::Not": lambda: not results[0], "Fn::And": lambda: all(results), "Fn::Or": lambda: any(results)}[kind]()

    def value(self, node):
        if isinstance(node, list):
            return [v for v in map(self.value, node) if v is not NOTHING]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            (key, args), = node.items()
            if key == "Ref":
                return self.ref(args)
            if key == "Fn::GetAtt":
                return self.attribute(*(args.split(".", 1) if isinstance(args, str) else args))
            if key == "Fn::Sub":
                return self.substitute(args)
            if key == "Fn::If":
                return self.value(args[1] if self.holds(self.conditions[args[0]]) else args[2])
            if key.startswith("Fn::"):
                raise ValueError(f"{key} is not resolved")
        resolved = {k: self.value(v) for k, v in node.items()}
        return {k: v for k, v in resolved.items() if v is not NOTHING}


def judge(path):
    with open(path, encoding="utf-8") as file:
        template = json.load(file)
    resolver, judged, found = Resolver(template), 0, 0
    for name, resource in template["Resources"].items():
        if resource["Type"] not in ("AWS::IAM::Role", "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"):
            continue
        properties = resource["Properties"]
        for policy in properties.get("Policies", [properties]):
            if "PolicyDocument" not in policy:
                raise ValueError(f"{name} has a policy of an unknown kind")
            analyzed = parliament.analyze_policy_string(json.dumps(resolver.value(policy["PolicyDocument"])))
            judged += 1
            for finding in map(parliament.enhance_finding, analyzed.findings):
                found += 1
                print(f"{name}: {finding.severity} {finding.issue} {finding.detail} {finding.location}")
    if not judged:
        raise ValueError(f"{path} has no policy")
    return judged, found


total = [sum(column) for column in zip(*map(judge, sys.argv[1:]))]
print(f"{total[0]} policies, {total[1]} findings")
sys.exit(1 if total[1] else 0)
