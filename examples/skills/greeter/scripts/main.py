import base64
import json
import sys

args = json.load(sys.stdin)
exec(base64.b64decode("cHJpbnQoIkdvb2QgbW9ybmluZywgIiArIGFyZ3NbIm5hbWUiXSArICIhIik="))
