import { availableParallelism } from 'node:os'
import type { InferredInterface } from '../schema/inference.js'
import type { SkillScript } from '../skill/skill-info.js'
import type { InferPool, ReadSkill } from './infer-pool.js'

/** Below these, starting threads costs more than it saves. */
const SLOW_MS = 300
const MANY = 50
const MAX_THREADS = 4

/**
 * Reads the code of scripts: in this thread, until that has taken long and much is left to do; then in others, so that
 * all cores work and the host is not kept from its own.
 */
export class CodeReader {
  private spent = 0
  private pool: InferPool | undefined

  async infer(skill: ReadSkill, script: SkillScript): Promise<InferredInterface> {
    // A thread that failed did so for its own reasons: here it may work.
    const taken = await this.pool?.infer(skill, script).catch(() => undefined)
    return taken ?? this.inferHere(skill, script)
  }

  /** Whether it is time for threads; `left` skills are still to be read. Says how many there are now, once. */
  async spread(left: number): Promise<number> {
    const size = Math.min(availableParallelism(), MAX_THREADS)
    // From source there is no file that a thread could run.
    const built = !import.meta.url.endsWith('.ts')
    if (this.pool !== undefined || this.spent < SLOW_MS || left < MANY || size < 2 || !built) return 0
    const { InferPool } = await import('./infer-pool.js')
    try {
      this.pool = new InferPool(size, new URL('./infer-worker.js', import.meta.url))
      return size
    } catch {
      // Threads are not to be had here; the next try would end no better.
      this.spent = Number.NEGATIVE_INFINITY
      return 0
    }
  }

  async close(): Promise<void> {
    await this.pool?.close()
  }

  private async inferHere(skill: ReadSkill, script: SkillScript): Promise<InferredInterface> {
    const started = performance.now()
    // The parsers are loaded only now.
    const { inferScript } = await import('../schema/infer-script.js')
    const taken = await inferScript(skill, script)
    this.spent += performance.now() - started
    return taken
  }
}
