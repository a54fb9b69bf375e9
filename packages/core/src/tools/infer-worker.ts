// A thread that reads the code of scripts; see infer-pool.ts.
import { parentPort } from 'node:worker_threads'
import { inferScript } from '../schema/infer-script.js'
import type { InferReply, InferRequest } from './infer-pool.js'

parentPort?.on('message', async ({ id, skill, script }: InferRequest) => {
  const reply: InferReply = { id, taken: await inferScript(skill, script) }
  parentPort?.postMessage(reply)
})
