export { type Endpoint, type EndpointScript, openEndpoint } from './open-endpoint.js'
export {
  type ScriptedServer,
  type ScriptedServerOptions,
  startScriptedServer,
  type TurnSource,
} from './server.js'
export type { Answer, Failure, ScriptedRequest, ScriptedToolCall, Turn } from './turn.js'
