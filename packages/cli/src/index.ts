// Public API of skilllite: the engine and the loop under the name of the one package that people install.
export * from '@skilllite/core'
export * from '@skilllite/openai'
