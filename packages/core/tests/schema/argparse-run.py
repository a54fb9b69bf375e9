"""Parses command lines with real argparse: reads JSON lines {"code", "argv"}, writes the namespaces as JSON lines."""
import io
import json
import sys
from contextlib import redirect_stderr

for line in sys.stdin:
    request = json.loads(line)
    scope = {'__name__': 'script'}
    said = io.StringIO()
    try:
        exec(request['code'], scope)
        with redirect_stderr(said):
            answer = {'values': vars(scope['parser'].parse_args(request['argv']))}
    except SystemExit:
        answer = {'error': said.getvalue().strip().split('\n')[-1]}
    except Exception as error:
        answer = {'error': repr(error)}
    print(json.dumps(answer))
