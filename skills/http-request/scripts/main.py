"""One HTTP request: a JSON object on stdin, a JSON object on stdout."""

import base64
import errno
import http.client
import json
import socket
import sys
import urllib.error
import urllib.parse
import urllib.request

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
SECRET_HEADERS = ("Authorization", "Cookie", "Proxy-authorization")


class Refused(Exception):
    """Not an answer of the server: the sandbox does not let this request out."""


class Redirects(urllib.request.HTTPRedirectHandler):
    max_redirections = 5

    def __init__(self):
        self.followed = []

    def redirect_request(self, request, response, code, message, headers, address):
        if urllib.parse.urlsplit(address).scheme not in ("http", "https"):
            raise ValueError(f"the server redirects to an address that is not http or https: {address}")
        follow_up = super().redirect_request(request, response, code, message, headers, address)
        if follow_up and urllib.parse.urlsplit(address).netloc != urllib.parse.urlsplit(request.full_url).netloc:
            for name in SECRET_HEADERS:
                follow_up.remove_header(name)
        self.followed.append(address)
        return follow_up


def build_request(arguments):
    if not isinstance(arguments, dict) or not isinstance(arguments.get("url"), str):
        raise ValueError("url is missing")
    address = urllib.parse.urlsplit(arguments["url"])
    if address.scheme.lower() not in ("http", "https") or not address.hostname:
        raise ValueError(f"url must be a complete http or https address, got {arguments['url']}")
    method = arguments.get("method", "GET")
    if method not in METHODS:
        raise ValueError(f"method must be one of {', '.join(METHODS)}; got {method}")
    headers = {"User-Agent": "skilllite-http-request/1.0", **arguments.get("headers", {})}
    body = arguments.get("body")
    if isinstance(body, (dict, list)):
        body = json.dumps(body)
        if not any(name.lower() == "content-type" for name in headers):
            headers["Content-Type"] = "application/json"
    data = body.encode() if isinstance(body, str) else None
    # the path may hold spaces or letters that HTTP does not carry; what is already encoded stays
    url = urllib.parse.quote(arguments["url"], safe="%/:=&?~#+!$,;'@()*[]")
    return urllib.request.Request(url, data=data, headers=headers, method=method)


def readable(content, headers):
    kind = headers.get_content_type()
    try:
        text = content.decode(headers.get_content_charset() or "utf-8")
    except (UnicodeDecodeError, LookupError):
        return {"body": base64.b64encode(content).decode(), "encoding": "base64"}
    if kind == "application/json" or kind.endswith("+json"):
        try:
            return {"body": json.loads(text)}
        except ValueError:
            pass  # cut off, or not JSON after all: the text is still worth having
    return {"body": text}


def send(request, timeout, max_bytes):
    redirects = Redirects()
    opener = urllib.request.build_opener(redirects)
    try:
        response = opener.open(request, timeout=timeout)
    except urllib.error.HTTPError as answer:
        response = answer  # an error status is an answer too
    with response:
        if response.headers.get("Proxy-Status", "").startswith("skilllite;"):
            raise Refused(response.read(1000).decode(errors="replace").strip())
        content = response.read(max_bytes + 1)
    return {
        "status": response.status,
        "reason": response.reason,
        "url": response.url,
        "redirects": redirects.followed,
        "headers": {name.lower(): value for name, value in response.headers.items()},
        **readable(content[:max_bytes], response.headers),
        "truncated": len(content) > max_bytes,
    }


def explain(error, host):
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    # a sandbox refuses the socket itself
    if isinstance(cause, PermissionError) or getattr(cause, "errno", None) == errno.EAFNOSUPPORT:
        return f"no network in this sandbox; the host {host} must be granted by the user (--allow-host {host})"
    if isinstance(cause, socket.gaierror):
        return f"the host {host} could not be found: no such host, or no network in this sandbox (the host must be granted by the user)"
    if isinstance(cause, (TimeoutError, socket.timeout)):
        return f"{host} did not answer in time"
    return f"no answer from {host}: {cause}"


def main():
    host = None
    try:
        arguments = json.load(sys.stdin)
        request = build_request(arguments)
        host = request.host
        answer = send(request, arguments.get("timeout", 15), arguments.get("max_bytes", 100_000))
        print(json.dumps(answer, ensure_ascii=False))
    except json.JSONDecodeError as error:
        sys.exit(f"error: the input is not JSON: {error}")
    except (ValueError, Refused) as error:
        sys.exit(f"error: {error}")
    except (OSError, http.client.HTTPException) as error:
        sys.exit(f"error: {explain(error, host)}")


if __name__ == "__main__":
    main()
