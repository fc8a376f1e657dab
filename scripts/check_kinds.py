#!/usr/bin/env python3
"""Fails where a match over kinds of objects has a wildcard arm: the compiler would not name it for a new kind.

Reads what clippy says of all wildcard arms, and keeps those that stand for kinds. A question about a few kinds is an
`if let` or a `matches!`; what must be decided for each kind is in the register or in a trait.
"""
import json
import subprocess
import sys

LINT = "clippy::wildcard_enum_match_arm"
KINDS = ("ObjectRef::", "ObjectKind::", "RoleMembership")

# Without a change, clippy would say nothing of a crate that it has checked before.
command = ["cargo", "clippy", "--quiet", "--workspace", "--message-format", "json", "--", "-W", LINT]
run = subprocess.run(command, stdout=subprocess.PIPE, text=True)
if run.returncode:
    sys.exit(run.returncode)
found = set()
for line in run.stdout.splitlines():
    message = json.loads(line).get("message")
    if not isinstance(message, dict) or (message.get("code") or {}).get("code") != LINT:
        continue
    if any(kind in json.dumps(message["children"]) for kind in KINDS):
        span = message["spans"][0]
        found.add(f"{span['file_name']}:{span['line_start']}: a wildcard arm in a match over kinds of objects")
print("\n".join(sorted(found)))
sys.exit(1 if found else 0)
