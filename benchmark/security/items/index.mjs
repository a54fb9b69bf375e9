import { code } from './code.mjs'
import { files } from './files.mjs'
import { host } from './host.mjs'
import { network } from './network.mjs'
import { processes } from './processes.mjs'
import { resources } from './resources.mjs'

/** All 20, in groups. */
export const groups = [
  { title: 'Files', items: files },
  { title: 'Network', items: network },
  { title: 'Processes', items: processes },
  { title: 'Resources', items: resources },
  { title: 'Code', items: code },
  { title: 'Host', items: host },
]
