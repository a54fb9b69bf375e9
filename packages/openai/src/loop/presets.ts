/** An OpenAI-compatible endpoint that many people use. */
export interface Preset {
  readonly baseURL: string
  /** Variable in which its key is usually kept; left out where it needs none. */
  readonly keyVariable?: string
}

/** Endpoints by name, for the option `provider`. */
export const presets = {
  openai: { baseURL: 'https://api.openai.com/v1', keyVariable: 'OPENAI_API_KEY' },
  deepseek: { baseURL: 'https://api.deepseek.com/v1', keyVariable: 'DEEPSEEK_API_KEY' },
  qwen: {
    baseURL: 'https://dashscope.aliyuncs.com/compatible-mode/v1',
    keyVariable: 'DASHSCOPE_API_KEY',
  },
  moonshot: { baseURL: 'https://api.moonshot.cn/v1', keyVariable: 'MOONSHOT_API_KEY' },
  ollama: { baseURL: 'http://127.0.0.1:11434/v1' },
} as const satisfies Readonly<Record<string, Preset>>

export type ProviderName = keyof typeof presets
