/** Where the relay to the egress proxy listens inside; it has the network namespace to itself. */
export const PROXY_PORT = 3128
/** Where things are inside. */
export const NODE_PRELOAD = '/etc/skilllite/node-proxy.cjs'
export const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt'

/**
 * The variables by which programs find the proxy and the certificates of its other side. curl and Python's libraries
 * read the small ones, some others only the capital ones.
 */
export function proxyEnvironment(hasCertificates: boolean): Readonly<Record<string, string>> {
  const proxy = `http://127.0.0.1:${PROXY_PORT}`
  const environment: Record<string, string> = {
    NODE_USE_ENV_PROXY: '1',
    // OpenSSL's own way to certificates takes no time at the start, NODE_EXTRA_CA_CERTS a tenth of a second.
    NODE_OPTIONS: `${hasCertificates ? '--use-openssl-ca ' : ''}--require=${NODE_PRELOAD}`,
  }
  for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY']) {
    environment[name] = proxy
    environment[name.toLowerCase()] = proxy
  }
  if (hasCertificates) {
    for (const name of ['SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE'])
      environment[name] = CERTIFICATES
  }
  return environment
}
