import {
  type ScriptedServer,
  type ScriptedServerOptions,
  startScriptedServer,
} from '@skilllite/scripted-openai'
import { afterEach } from 'vitest'

const servers: ScriptedServer[] = []
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())))

/** A scripted server that is gone after the test. */
export async function serve(turns: ScriptedServerOptions['turns']): Promise<ScriptedServer> {
  const server = await startScriptedServer({ turns })
  servers.push(server)
  return server
}
