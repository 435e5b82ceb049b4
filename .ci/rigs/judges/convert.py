"""Writes a CloudFormation template as JSON, with other parameter defaults.

usage: convert.py TEMPLATE [NAME=VALUE...]
checkov and parliament judge what the defaults lead to, so each set of
parameters is a template of its own.
"""

import json
import sys

from cfnlint.decode import decode

template, problems = decode(sys.argv[1])
if problems:
    sys.exit(f"{sys.argv[1]}: {problems[0]}")
for setting in sys.argv[2:]:
    name, _, value = setting.partition("=")
    template["Parameters"][name]["Default"] = value
json.dump(template, sys.stdout, indent=1)
