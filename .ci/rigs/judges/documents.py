"""Judges IAM policy documents (JSON) with parliament.

usage: documents.py DOCUMENT.json...
Prints a line a finding, and how many there are in all. What is excused below
and not found is a finding, too.
"""

import sys

import parliament

EXCUSED = {
    # Newer than the list of actions in parliament 1.6.4. CloudFormation's own
    # handlers of 2026 name them, and the SDK has the operation.
    "UNKNOWN_ACTION": {
        "apigateway:TagResource",
        "apigateway:UntagResource",
        "cloudformation:DescribeEvents",
        "lambda:GetFunctionScalingConfig",
    },
    # Athena's tags are of one of three types; the list reads as if of all.
    "RESOURCE_MISMATCH": {
        "athena:ListTagsForResource",
        "athena:TagResource",
        "athena:UntagResource",
    },
}


def actions(finding):
    """What the finding is about: a list of mismatches, or one unknown action."""
    if isinstance(finding.detail, list):
        return {entry["action"] for entry in finding.detail}
    return {finding.location.get("string") or str(finding.detail)}


found, excused = 0, {issue: set() for issue in EXCUSED}
for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        analyzed = parliament.analyze_policy_string(file.read())
    for finding in map(parliament.enhance_finding, analyzed.findings):
        about = actions(finding)
        known = about & EXCUSED.get(finding.issue, set())
        if known:
            excused[finding.issue] |= known
        if about - known:
            found += 1
            print(f"{path}: {finding.severity} {finding.issue} {sorted(about - known)} {finding.detail}")
for issue, names in EXCUSED.items():
    for name in sorted(names - excused[issue]):
        found += 1
        print(f"{issue} {name}: excused, not found")
print(f"{len(sys.argv) - 1} documents, {found} findings")
sys.exit(1 if found else 0)
