# /// script
# requires-python = ">=3.9"
# dependencies = ["pandas>=2.0,<4"]
# ///
"""Questions about a table in CSV or JSON text: a JSON object on stdin, a JSON object on stdout."""

import json
import sys

try:
    import operations
except ModuleNotFoundError as missing:
    sys.exit(
        f"error: the Python package {missing.name} is not installed: this skill declares pandas "
        "(in the script block of scripts/main.py and in SKILL.md under Runtime) and cannot work without it"
    )


def main():
    try:
        request = json.load(sys.stdin)
        if not isinstance(request, dict):
            raise ValueError("the input must be a JSON object")
        answer = operations.answer(request)
        print(json.dumps(answer, ensure_ascii=False, allow_nan=False))
    except json.JSONDecodeError as error:
        sys.exit(f"error: the input is not JSON: {error}")
    except ValueError as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
