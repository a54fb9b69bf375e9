import { quote, SkillLiteError } from '../errors.js'
import type { LeftOut, ReportedArtifact, RunEnd, SandboxReport, SandboxViolation, Usage } from './report.js'

/** Reads what `skillbox` wrote to fd 4. Throws `SANDBOX_PROTOCOL` unless it is exactly a report. */
export function readReport(text: string): SandboxReport {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch {
    throw protocolError(text === '' ? 'no report' : `a report that is not JSON: ${quote(text)}`)
  }
  const report = record(data, 'report')
  if (report.version !== 1) throw protocolError(`a report of version ${quote(report.version)}`)
  const { backend } = report
  if (backend !== 'namespaces' && backend !== 'landlock') throw protocolError(`the backend ${quote(backend)}`)
  return {
    version: 1,
    backend,
    layers: readLayers(report.layers),
    end: readEnd(record(report.end, 'end')),
    usage: readUsage(record(report.usage, 'usage')),
    violations: list(report.violations, 'violations').map(readViolation),
    artifacts: list(report.artifacts, 'artifacts').map(readArtifact),
    leftOut: list(report.leftOut, 'leftOut').map(readLeftOut),
  }
}

/** An answer of `skillbox` that cannot be believed. */
export function protocolError(seen: string): SkillLiteError {
  return new SkillLiteError(
    'SANDBOX_PROTOCOL',
    `skillbox gave ${seen}`,
    'Build it again (npm run build); if SKILLLITE_SKILLBOX is set, check that it names the same version.',
  )
}

function readEnd(end: Readonly<Record<string, unknown>>): RunEnd {
  const number = (name: string): number => count(end[name], `end.${name}`)
  const text = (name: string): string => string(end[name], `end.${name}`)
  switch (end.kind) {
    case 'exited':
      return { kind: 'exited', code: number('code') }
    case 'signalled':
      return { kind: 'signalled', signal: number('signal') }
    case 'time':
      return { kind: 'time', limitMs: number('limitMs') }
    case 'cpu':
      return { kind: 'cpu', limitMs: number('limitMs'), usedMs: number('usedMs') }
    case 'memory':
      return { kind: 'memory', limitBytes: number('limitBytes'), usedBytes: number('usedBytes') }
    case 'pids':
      return { kind: 'pids', limit: number('limit') }
    case 'disk':
      return { kind: 'disk', usedBytes: number('usedBytes') }
    case 'output': {
      const { stream } = end
      if (stream !== 'stdout' && stream !== 'stderr') throw protocolError(`the stream ${quote(stream)}`)
      return { kind: 'output', stream, limitBytes: number('limitBytes') }
    }
    case 'cancelled':
      return { kind: 'cancelled' }
    case 'setup-failed':
      return {
        kind: 'setup-failed',
        layer: text('layer'),
        errno: text('errno'),
        message: text('message'),
        hint: text('hint'),
      }
    default:
      throw protocolError(`the end ${quote(end.kind)}`)
  }
}

function readLayers(value: unknown): SandboxReport['layers'] {
  const layers: Record<string, boolean | number | string> = {}
  for (const [name, state] of Object.entries(record(value, 'layers'))) {
    if (typeof state !== 'boolean' && typeof state !== 'number' && typeof state !== 'string') {
      throw protocolError(`the state ${quote(state)} of layer ${quote(name)}`)
    }
    layers[name] = state
  }
  return layers
}

function readUsage(usage: Readonly<Record<string, unknown>>): Usage {
  return {
    wallMs: count(usage.wallMs, 'usage.wallMs'),
    cpuMs: count(usage.cpuMs, 'usage.cpuMs'),
    peakMemoryBytes: count(usage.peakMemoryBytes, 'usage.peakMemoryBytes'),
    maxPids: count(usage.maxPids, 'usage.maxPids'),
  }
}

function readViolation(value: unknown): SandboxViolation {
  const { kind, what, count: times } = record(value, 'violations[]')
  return { kind: string(kind, 'kind'), what: string(what, 'what'), count: count(times, 'count') }
}

function readArtifact(value: unknown): ReportedArtifact {
  const { path, bytes } = record(value, 'artifacts[]')
  const name = string(path, 'path')
  // Joined to a directory of the host later, so it may not lead out of it.
  if (name.startsWith('/') || name.split('/').some((part) => part === '' || part === '.' || part === '..')) {
    throw protocolError(`the artifact ${quote(name)}`)
  }
  return { path: name, bytes: count(bytes, 'bytes') }
}

function readLeftOut(value: unknown): LeftOut {
  const { path, reason } = record(value, 'leftOut[]')
  return { path: string(path, 'path'), reason: string(reason, 'reason') }
}

function record(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>
  throw protocolError(`${name} ${quote(value)}`)
}

function list(value: unknown, name: string): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw protocolError(`${name} ${quote(value)}`)
}

function string(value: unknown, name: string): string {
  if (typeof value === 'string') return value
  throw protocolError(`${name} ${quote(value)}`)
}

function count(value: unknown, name: string): number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value
  throw protocolError(`${name} ${quote(value)}`)
}
