import type { Interpreter } from '../runtime/interpreter.js'
import { grantedHosts, privateAddresses } from './granted-hosts.js'
import { placeOf } from './index-settings.js'
import { type InstallerContext, type InstallerStep, installFailure, runInstaller } from './installer-run.js'
import type { PythonIndex } from './python-index.js'

/**
 * Runs a step that has the network. Where it was refused a host, the index is asked whether its files are there; if
 * so, the step gets another try with it.
 */
export async function learningHosts(
  step: InstallerStep,
  requirements: readonly string[],
  index: PythonIndex,
  interpreter: Interpreter,
  context: InstallerContext,
  doing: string,
): Promise<void> {
  const first = await runInstaller(step, context)
  if (first.end.kind === 'exited' && first.exitCode === 0) return
  const refused = first.network
    .filter(({ verdict, host }) => verdict === 'refused' && host !== '')
    .map(({ host, port }) => `${host}:${port}`)
  if (refused.length === 0) throw installFailure(first, doing)
  const names = requirements.map((requirement) => /^[\w-]+/.exec(requirement)?.[0] ?? '').slice(0, 20)
  const named = await fileHosts(names, index, interpreter, context)
  const extra = refused.filter((place) => named.includes(place))
  if (extra.length === 0) throw installFailure(first, doing)
  const again = await runInstaller(
    { ...step, hosts: [...step.hosts, ...(await trusted(extra, index))] },
    context,
  )
  if (again.end.kind !== 'exited' || again.exitCode !== 0) throw installFailure(again, doing)
}

/** What an index names may be at a private address only where the index itself is. */
async function trusted(places: readonly string[], { settings }: PythonIndex): Promise<readonly string[]> {
  const place = placeOf(settings.index)
  const host = place?.slice(0, place.lastIndexOf(':')) ?? ''
  return (await privateAddresses(host)).length > 0 ? grantedHosts(places) : places
}

/** Prints the places that an index's files are at, and where it redirects a download to; reaches the index alone. */
const PROBE = `
import base64, html.parser, json, ssl, sys, urllib.error, urllib.parse, urllib.request
class Links(html.parser.HTMLParser):
    found = []
    def handle_starttag(self, tag, attributes):
        self.found += [v for k, v in attributes if tag == 'a' and k == 'href' and v]
class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None
trust = sys.argv[1]
context = ssl._create_unverified_context() if trust == 'insecure' else ssl.create_default_context(cafile=trust or None)
opener = urllib.request.build_opener(Stay, urllib.request.HTTPSHandler(context=context))
places = set()
def place(address):
    parts = urllib.parse.urlsplit(address)
    if parts.scheme in ('http', 'https') and parts.hostname:
        places.add('%s:%d' % (parts.hostname, parts.port or (443 if parts.scheme == 'https' else 80)))
def ask(address, method='GET'):
    parts = urllib.parse.urlsplit(address)
    user, at, host = parts.netloc.rpartition('@')
    request = urllib.request.Request(urllib.parse.urlunsplit(parts._replace(netloc=host, fragment='')), method=method)
    if at:
        request.add_header('Authorization', 'Basic ' + base64.b64encode(urllib.parse.unquote(user).encode()).decode())
    try:
        return opener.open(request, timeout=30).read(32 << 20).decode('utf-8', 'replace')
    except urllib.error.HTTPError as error:
        if error.headers.get('Location'):
            place(urllib.parse.urljoin(address, error.headers['Location']))
    except OSError:
        pass
    return ''
index, names = sys.stdin.read(), sys.argv[2:]
for name in names:
    page = index.rstrip('/') + '/' + name + '/'
    parser = Links()
    parser.found = []
    parser.feed(ask(page))
    links = [urllib.parse.urljoin(page, link) for link in parser.found]
    for link in links:
        place(link)
    for link in links[-1:]:
        ask(link, 'HEAD')
print(json.dumps(sorted(places)))
`

async function fileHosts(
  names: readonly string[],
  index: PythonIndex,
  interpreter: Interpreter,
  context: InstallerContext,
): Promise<readonly string[]> {
  const { settings, hosts } = index
  const places: string[] = []
  for (const address of [settings.index, ...settings.extraIndexes]) {
    const host = placeOf(address)?.replace(/:\d+$/, '')
    const unchecked = settings.trustedHosts.some((trusted) => trusted.replace(/:\d+$/, '') === host)
    const step = {
      command: [
        interpreter.program,
        '-I',
        '-B',
        '-c',
        PROBE,
        unchecked ? 'insecure' : index.certificates,
        ...names,
      ],
      mounts: interpreter.mounts,
      // Not an argument: there may be a password in it, and everybody on the host can read arguments.
      stdin: address,
      hosts,
      upstream: index.upstream,
    }
    const { stdout } = await runInstaller(step, { ...context, onOutput: undefined })
    try {
      const read: unknown = JSON.parse(stdout)
      if (Array.isArray(read)) places.push(...read.filter((place) => typeof place === 'string'))
    } catch {
      // It told nothing that can be read: then it named no host.
    }
  }
  return places
}
