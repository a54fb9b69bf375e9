"""Runs scripts: reads JSON lines {"code", "argv"}, writes what each printed, or how it failed, as JSON lines."""
import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout

for line in sys.stdin:
    request = json.loads(line)
    printed = io.StringIO()
    sys.argv = ['script.py', *request['argv']]
    try:
        with redirect_stdout(printed), redirect_stderr(printed):
            exec(request['code'], {'__name__': '__main__'})
        answer = {'values': json.loads(printed.getvalue())}
    except (Exception, SystemExit) as error:
        answer = {'error': f'{error!r} {printed.getvalue()}'}
    print(json.dumps(answer))
