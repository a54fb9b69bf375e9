// Loaded before a script where the run may use the network. Sends fetch(), node:http and node:https through the run's
// proxy in versions of Node that do not do so by themselves.
'use strict'

const { HTTP_PROXY } = process.env
// From 22.21 and 24.5 on, NODE_USE_ENV_PROXY does it for fetch(), but not for the agents of a script's own.
const isNative = process.allowedNodeEnvironmentFlags.has('--use-env-proxy')
if (HTTP_PROXY !== undefined) install(new URL(HTTP_PROXY))

function install({ hostname, port }) {
  const http = require('node:http')
  const https = require('node:https')
  const net = require('node:net')
  const tls = require('node:tls')
  const connectDirectly = http.Agent.prototype.createConnection

  /** Whether a connection is the one to the proxy itself, or none that goes over the network. */
  const isDirect = (options) =>
    Boolean(options.socketPath) || (options.host === hostname && String(options.port) === port)

  function openTunnel(host, targetPort, callback) {
    const place = `${net.isIPv6(host) ? `[${host}]` : host}:${targetPort}`
    const request = http.request({
      host: hostname,
      port,
      method: 'CONNECT',
      path: place,
      headers: { Host: place },
      agent: false,
    })
    request.once('connect', (response, socket) => {
      if (response.statusCode === 200) return callback(null, socket)
      socket.destroy()
      callback(new Error(`${place}: ${response.statusMessage}`))
    })
    request.once('error', callback)
    request.end()
  }

  function openSecure(options, socket, callback) {
    const { host } = options
    const servername = options.servername || (net.isIP(host) ? '' : host)
    const secure = tls.connect({ ...options, host, servername, socket, path: undefined })
    secure.once('secureConnect', () => callback(null, secure))
    secure.once('error', callback)
  }

  function createConnection(options, callback) {
    if (isDirect(options)) return connectDirectly.call(this, options, callback)
    openTunnel(options.host || 'localhost', options.port, once(callback))
  }

  function createSecureConnection(options, callback) {
    const done = once(callback)
    openTunnel(options.host || 'localhost', options.port, (error, socket) => {
      if (error) done(error)
      else openSecure(options, socket, done)
    })
  }

  http.Agent.prototype.createConnection = createConnection
  https.Agent.prototype.createConnection = createSecureConnection

  if (isNative) return
  const original = globalThis.fetch
  let ready = false
  globalThis.fetch = function fetch(...args) {
    if (!ready) {
      ready = true
      useTunnelsForFetch((options, callback) => {
        const secure = options.protocol === 'https:'
        const target = { ...options, host: options.hostname, port: options.port || (secure ? 443 : 80) }
        const done = once(callback)
        openTunnel(target.host.replace(/^\[|\]$/g, ''), target.port, (error, socket) => {
          if (error) done(error)
          else if (secure) openSecure({ ...target, ALPNProtocols: ['http/1.1'] }, socket, done)
          else done(null, socket)
        })
      })
    }
    return original.apply(this, args)
  }
}

/** Node's fetch takes its connections from a dispatcher under this symbol; its class can be had from it alone. */
function useTunnelsForFetch(connect) {
  const key = Symbol.for('undici.globalDispatcher.1')
  // Loads what sets the dispatcher.
  void globalThis.Headers.name
  const { constructor: Agent } = globalThis[key]
  globalThis[key] = new Agent({ connect })
}

function once(callback) {
  let called = false
  return (...args) => {
    if (called) return
    called = true
    callback(...args)
  }
}
