"""Prints, as JSON, the permissions of CloudFormation's handlers of some types.

usage: handlers.py TYPE...
They stand in the resource schemas that cfn-lint brings: {type: {handler: [permission]}}.
"""

import json
import pathlib
import sys

import cfnlint

wanted, found = set(sys.argv[1:]), {}
for path in (pathlib.Path(cfnlint.__file__).parent / "data/schemas/resources").glob("*.json"):
    schema = json.loads(path.read_text(encoding="utf-8"))
    if schema.get("typeName") in wanted:
        found[schema["typeName"]] = {name: h.get("permissions", []) for name, h in schema.get("handlers", {}).items()}
if missing := wanted - found.keys():
    sys.exit(f"no schema of {', '.join(sorted(missing))}")
json.dump(found, sys.stdout)
