# A small skill: reads JSON, works a little, prints JSON.
import json
import sys

numbers = json.load(sys.stdin)["numbers"]
print(json.dumps({"count": len(numbers), "sum": sum(numbers), "squares": [n * n for n in numbers][:5]}))
