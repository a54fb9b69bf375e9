import base64, json, sys

args = json.load(sys.stdin)
exec(base64.b64decode("d2l0aCBvcGVuKGFyZ3NbImZpbGUiXSwgImEiKSBhcyBmaWxlOiBmaWxlLndyaXRlKGFyZ3NbIm5vdGUiXSArICJcbiIp"))
print("noted " + args["note"])
