import { constants } from 'node:os'
import type { RunEnd } from '../sandbox/report.js'

/** Why a run ended, in words; nothing where it ended by itself. */
export function describeEnd(end: RunEnd): string | undefined {
  switch (end.kind) {
    case 'exited':
      return undefined
    case 'signalled':
      return `killed by signal ${end.signal}${signalName(end.signal)}`
    case 'time':
      return `the time limit of ${seconds(end.limitMs)} is over`
    case 'cpu':
      return `the CPU time limit of ${seconds(end.limitMs)} is used up (${seconds(end.usedMs)})`
    case 'memory':
      return `the memory limit of ${mebibytes(end.limitBytes)} is reached (${mebibytes(end.usedBytes)})`
    case 'pids':
      return `the limit of ${end.limit} processes and threads is reached`
    case 'disk':
      return `the limit on files is reached (${mebibytes(end.usedBytes)})`
    case 'output':
      return `the limit of ${mebibytes(end.limitBytes)} on ${end.stream} is reached`
    case 'cancelled':
      return 'cancelled'
    case 'setup-failed':
      return `the sandbox could not be set up: ${end.layer}: ${end.message} (${end.errno})`
  }
}

function signalName(number: number): string {
  const name = Object.entries(constants.signals).find(([, value]) => value === number)?.[0]
  return name === undefined ? '' : ` (${name})`
}

const seconds = (ms: number): string => `${Number((ms / 1000).toFixed(2))} s`

const mebibytes = (bytes: number): string => `${Number((bytes / 1024 / 1024).toFixed(1))} MiB`
