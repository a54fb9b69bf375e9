import type { Attempt } from '../attempt.js'
import { CONTROLS } from './controls.js'
import { DESCRIPTORS } from './descriptors.js'
import { ENVIRONMENT } from './environment.js'
import { EXECUTION } from './execution.js'
import { FILES } from './files.js'
import { INFORMATION } from './information.js'
import { LEFTOVERS } from './leftovers.js'
import { NETWORK } from './network.js'
import { PACKAGES } from './packages.js'
import { PRIVILEGES } from './privileges.js'
import { PROCESSES } from './processes.js'
import { RESOURCES } from './resources.js'
import { ROBUSTNESS } from './robustness.js'

/** Every attempt that is made. */
export const CATALOGUE: readonly Attempt[] = [
  ...FILES,
  ...DESCRIPTORS,
  ...ENVIRONMENT,
  ...PROCESSES,
  ...PRIVILEGES,
  ...EXECUTION,
  ...NETWORK,
  ...RESOURCES,
  ...ROBUSTNESS,
  ...PACKAGES,
  ...CONTROLS,
  ...LEFTOVERS,
  ...INFORMATION,
]
