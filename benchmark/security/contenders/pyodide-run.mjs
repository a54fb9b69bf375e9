// Runs one Python file in Pyodide: `node pyodide-run.mjs PYODIDE_MODULE SCRIPT`. The script's directory is copied in.
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

const [module, script] = process.argv.slice(2)
const { loadPyodide } = await import(module)
const pyodide = await loadPyodide()
const directory = path.dirname(script)
pyodide.FS.mkdirTree(directory)
for (const name of readdirSync(directory)) {
  if (name.endsWith('.py'))
    pyodide.FS.writeFile(path.join(directory, name), readFileSync(path.join(directory, name)))
}
const start = `
import runpy, sys
sys.path.insert(0, ${JSON.stringify(directory)})
sys.argv = [${JSON.stringify(script)}]
runpy.run_path(sys.argv[0], run_name="__main__")
None
`
try {
  await pyodide.runPythonAsync(start)
} finally {
  // the host goes on using its own functions
  console.log(JSON.stringify({ ended: true }))
}
