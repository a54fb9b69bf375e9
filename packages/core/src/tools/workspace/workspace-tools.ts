import type { JsonSchema } from '../tool-definition.js'

/** A directory of the host in which a model may read and write files. */
export interface Workspace {
  /** Real path. */
  readonly directory: string
  readonly readOnly: boolean
}

/** A tool that the engine answers itself, from the files of the workspace. */
export interface WorkspaceTool {
  readonly name: 'list_files' | 'read_file' | 'write_file'
  readonly description: string
  readonly inputSchema: JsonSchema
}

/** Names that no script's tool may have. */
export const workspaceToolNames: readonly string[] = ['list_files', 'read_file', 'write_file']

const relative = (what: string) => ({ type: 'string', description: `${what}, relative to the workspace` })

/** The tools for a workspace; without `write_file` where it is read only. */
export function workspaceTools({ readOnly }: Workspace): readonly WorkspaceTool[] {
  const list: WorkspaceTool = {
    name: 'list_files',
    description:
      'Lists what is in a directory of the workspace: files with their size in bytes, directories with a final slash.',
    inputSchema: {
      type: 'object',
      properties: { path: { ...relative('The directory'), default: '.' } },
      additionalProperties: false,
    },
  }
  const read: WorkspaceTool = {
    name: 'read_file',
    description: 'Reads a text file of the workspace, as a whole or some of its lines.',
    inputSchema: {
      type: 'object',
      properties: {
        path: relative('The file'),
        first_line: {
          type: 'integer',
          minimum: 1,
          default: 1,
          description: 'Where to begin; lines count from 1',
        },
        lines: { type: 'integer', minimum: 1, description: 'How many lines; all when left out' },
      },
      required: ['path'],
      additionalProperties: false,
    },
  }
  const write: WorkspaceTool = {
    name: 'write_file',
    description:
      'Writes a text file of the workspace, in the place of what it held before. Directories on the way are made.',
    inputSchema: {
      type: 'object',
      properties: { path: relative('The file'), content: { type: 'string', description: 'All of the text' } },
      required: ['path', 'content'],
      additionalProperties: false,
    },
  }
  return readOnly ? [list, read] : [list, read, write]
}
