const pypi =
  'requests numpy pandas urllib3 boto3 setuptools cryptography pyyaml python-dateutil matplotlib scipy scikit-learn tensorflow pytorch torch django flask fastapi sqlalchemy beautifulsoup4 selenium playwright pillow openai anthropic langchain transformers httpx aiohttp pydantic click jinja2 pytest paramiko pyautogui opencv-python colorama psutil websocket-client discord.py python-telegram-bot web3 pycryptodome certifi tqdm lxml openpyxl pdfplumber'
const npm =
  'express react lodash axios chalk commander typescript webpack request async moment mongoose dotenv cross-env puppeteer playwright discord.js electron eslint prettier next vite vue jquery socket.io nodemailer bcrypt jsonwebtoken node-fetch openai zod ethers web3 tailwindcss rimraf cheerio winston uuid yargs inquirer'

const names = { pypi: new Set(pypi.split(' ')), npm: new Set(npm.split(' ')) }

/** Names that look like a slip of another, and are packages of their own. */
const realNames = new Set(
  'request requests-html torch pytorch preact redux vuex axon chalks reacts lodash-es nuxt vitest moments flash click-plugins tqdm nest pydantic-ai rich httpx2 flake8 flasky uuid4 yargs-parser async_ asyncpg uid zodiac vite-node openapi next-auth pandera nump pillows boto botocore lxml-html esbuild eslint-d react-is svelte expressjs node-fetch-native psycopg pyaml psutils selenium-wire web2 ethersjs'.split(
    ' ',
  ),
)

/** The well-known package that a name is almost, but not quite. */
export function imitatedPackage(name: string, registry: 'pypi' | 'npm'): string | undefined {
  const plain = name.toLowerCase()
  const known = names[registry]
  if (known.has(plain) || realNames.has(plain) || plain.length < 5 || plain.startsWith('@')) return undefined
  for (const real of known) {
    if (real.length < 6 || Math.abs(real.length - plain.length) > 1) continue
    if (isSlip(plain, real)) return real
  }
  return undefined
}

/** One letter more, less, other, or two exchanged. */
function isSlip(a: string, b: string): boolean {
  let start = 0
  while (start < Math.min(a.length, b.length) && a[start] === b[start]) start++
  let end = 0
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++
  const [left, right] = [a.length - start - end, b.length - start - end]
  if (left === 2 && right === 2) return a[start] === b[start + 1] && a[start + 1] === b[start]
  return (
    left <= 1 && right <= 1 && !/^\d?$/.test(a.slice(start, start + left) + b.slice(start, start + right))
  )
}
