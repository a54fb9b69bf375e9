import { Worker } from 'node:worker_threads'
import type { InferredInterface } from '../schema/inference.js'
import type { SkillInfo, SkillScript } from '../skill/skill-info.js'
import { forgetPrototypes } from './forget-prototypes.js'

/** What reading a script's code needs to know of its skill. */
export type ReadSkill = Pick<SkillInfo, 'name' | 'directory' | 'file' | 'body'>

export interface InferRequest {
  readonly id: number
  readonly skill: ReadSkill
  readonly script: Pick<SkillScript, 'path' | 'language'>
}

export interface InferReply {
  readonly id: number
  readonly taken: InferredInterface
}

interface Thread {
  readonly worker: Worker
  readonly pending: Map<number, Answer>
}

interface Answer {
  readonly resolve: (taken: InferredInterface) => void
  readonly reject: (reason: Error) => void
}

/** Threads that read the code of scripts. One that fails is not used again, and what it was asked is rejected. */
export class InferPool {
  private readonly threads: Thread[]
  private requests = 0

  constructor(size: number, program: URL) {
    this.threads = Array.from({ length: size }, () => this.start(program))
  }

  infer(
    { name, directory, file, body }: ReadSkill,
    script: InferRequest['script'],
  ): Promise<InferredInterface> {
    const [first, ...others] = this.threads
    if (first === undefined) return Promise.reject(new Error('no thread is left'))
    const { worker, pending } = others.reduce(
      (least, thread) => (thread.pending.size < least.pending.size ? thread : least),
      first,
    )
    const id = this.requests++
    const { path, language } = script
    return new Promise((resolve, reject) => {
      pending.set(id, { resolve, reject })
      const request: InferRequest = { id, skill: { name, directory, file, body }, script: { path, language } }
      worker.postMessage(request)
    })
  }

  async close(): Promise<void> {
    await Promise.all(this.threads.map(({ worker }) => worker.terminate()))
  }

  private start(program: URL): Thread {
    const thread: Thread = { worker: new Worker(program, { execArgv: [] }), pending: new Map() }
    const { worker, pending } = thread
    worker.on('message', ({ id, taken }: InferReply) => {
      forgetPrototypes(taken)
      pending.get(id)?.resolve(taken)
      pending.delete(id)
    })
    const fail = (reason: unknown): void => {
      if (this.threads.includes(thread)) this.threads.splice(this.threads.indexOf(thread), 1)
      for (const { reject } of pending.values()) reject(new Error(`a thread ended: ${String(reason)}`))
      pending.clear()
    }
    worker.on('error', fail)
    worker.on('exit', fail)
    return thread
  }
}
