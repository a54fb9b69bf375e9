import { main } from './main.js'

// not process.exit(): what is still to be written must get out
main(process.argv.slice(2)).then((status) => {
  process.exitCode = status
})
