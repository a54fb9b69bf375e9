/** What kind of secret a path leads to. */
export type SecretKind =
  | 'ssh-key'
  | 'cloud'
  | 'token-file'
  | 'dotenv'
  | 'wallet'
  | 'browser'
  | 'keychain'
  | 'history'
  | 'system-accounts'
  | 'agent-config'

/** Paths by the end that tells what they are; the beginning may be `~`, `$HOME`, a user's directory or computed. */
const endings: readonly (readonly [SecretKind, RegExp])[] = [
  [
    'ssh-key',
    /(^|[/\\~])\.ssh([/\\](?!config\b|known_hosts\b|[\w.-]{0,60}\.pub\b|authorized_keys\b)[\w.*-]{0,60})?$/i,
  ],
  ['ssh-key', /\bid_(rsa|dsa|ecdsa|ed25519)$/i],
  [
    'cloud',
    /[/\\]?\.(aws[/\\](credentials|config|sso)|azure([/\\]|$)|config[/\\](gcloud|doctl)|kube[/\\]config|oci[/\\]config)|\bapplication_default_credentials\.json$|(^|[/\\~])\.aws$/i,
  ],
  [
    'token-file',
    /(^|[/\\~])\.(netrc|npmrc|pypirc|git-credentials|docker[/\\]config\.json|dockercfg|pgpass|my\.cnf|vault-token|boto|s3cfg|cargo[/\\]credentials(\.toml)?|gem[/\\]credentials|config[/\\](gh[/\\]hosts\.yml|hub|op|github-copilot))$|(^|[/\\~])\.gnupg\b|(^|[/\\])(credentials|auth|secrets?)\.json$/i,
  ],
  ['dotenv', /(^|[/\\\s])\.env(\.(local|production|prod|development|staging|\*))?\*?$/i],
  [
    'wallet',
    /[/\\]?\.(ethereum|electrum|bitcoin|monero|litecoin|solana|config[/\\]solana|brownie|exodus|atomic)([/\\]|$)|\b(wallet\.dat|keystore)$|\b(Exodus|Electrum|Atomic|Ledger Live|Coinomi)[/\\]|nkbihfbeogaeaoehlefnkodbefgpgknn/i,
  ],
  [
    'browser',
    /(Google[/\\]Chrome|google-chrome|chromium|BraveSoftware|Microsoft[/\\]Edge|Firefox[/\\]Profiles|\.mozilla[/\\]firefox|Opera Software)\b|[/\\](Login Data|Cookies|Web Data|Local State|key4\.db|logins\.json|cookies\.sqlite)$/i,
  ],
  [
    'browser',
    /chrome:\/\/settings\/passwords|(Slack|discord|Signal|Telegram Desktop|Code)[/\\](Local Storage|leveldb|tdata|Cookies)/i,
  ],
  ['token-file', /\.tfstate(\.backup)?$/i],
  ['keychain', /Library[/\\]Keychains|login\.keychain|\.local[/\\]share[/\\]keyrings|\bkwalletd?\b/i],
  ['history', /\.(bash|zsh|sh|python|mysql|psql|node_repl)_history$|fish_history$/i],
  ['system-accounts', /^\/etc\/(shadow|gshadow|sudoers|master\.passwd)$/],
  [
    'agent-config',
    /\.(config[/\\])?(claude|openclaw|clawdbot|moltbot|codex|cursor|gemini|continue)[/\\](\.env|\.?credentials|auth|config|openclaw|clawdbot|settings|sessions|oauth|memory)/i,
  ],
]

/** Every ending has one of these. */
const hint =
  /\.(ssh|aws|azure|config|kube|oci|netrc|npmrc|pypirc|git-cred|docker|pgpass|my\.cnf|vault|boto|s3cfg|cargo|gem|gnupg|env|ethereum|electrum|bitcoin|monero|litecoin|solana|brownie|exodus|atomic|mozilla|bash_|zsh_|sh_|python_|mysql_|psql_|node_repl|claude|openclaw|clawdbot|moltbot|codex|cursor|gemini|continue|local)|id_(rsa|dsa|ecdsa|ed25519)|credential|auth\.json|secrets?\.json|wallet|keystore|exodus|electrum|atomic|ledger|coinomi|nkbih|chrom|brave|edge|firefox|opera|login|cookies|web data|local state|key4|keychain|kwallet|fish_history|\/etc\/|tfstate|local storage|leveldb|tdata/i

/** What secret a path leads to, if any. Only the last 300 characters are looked at. */
export function secretKind(path: string): SecretKind | undefined {
  const end = path
    .trim()
    .replace(/^["']|["']$/g, '')
    .slice(-300)
  if (end.length < 4 || !hint.test(end)) return undefined
  for (const [kind, pattern] of endings) if (pattern.test(end)) return kind
  return undefined
}

const serviceNames =
  /^(OPENAI|ANTHROPIC|CLAUDE|AWS|AZURE|GOOGLE|GCP|GEMINI|GITHUB|GH|GITLAB|NPM|PYPI|SLACK|STRIPE|HF|HUGGINGFACE|DATABASE|DB|KUBE|DOCKER|SSH|VAULT)_/

/** Whether a variable's name says that its value is secret. */
export function isSecretName(name: string): boolean {
  return /(KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?|PRIVATE)$|_(KEY|TOKEN|SECRET|PASS)_/i.test(name)
}

/** The service that a variable's name speaks of: `openai` for `OPENAI_API_KEY`. */
export function serviceOf(name: string): string | undefined {
  return serviceNames.exec(name)?.[1]?.toLowerCase()
}

const maxPaths = 500
const pathLike =
  /(?:~|\$\{?HOME\}?|%USERPROFILE%|%APPDATA%|\/(?:home|Users)\/[\w.$-]{1,40}|\/root)?[/\\]?\.?[\w.@*-]{1,60}(?:[/\\][\w.@* -]{1,60}){0,8}|\.env\b/g

/** Paths of secrets in a text. */
export function findSecretPaths(text: string): { path: string; offset: number; kind: SecretKind }[] {
  const found: { path: string; offset: number; kind: SecretKind }[] = []
  if (
    !/\.(ssh|aws|env|netrc|npmrc|config|kube|gnupg|git-cred|docker|pgpass|claude|openclaw|clawdbot|codex)|id_rsa|id_ed25519|Keychains|Login Data|wallet|keystore|_history|shadow|Chrome|Firefox|electrum|credentials\.json|Local Storage|tdata|tfstate/i.test(
      text,
    )
  ) {
    return found
  }
  for (const { 0: path, index } of text.matchAll(pathLike)) {
    const trimmed = path.replace(/[.,;:]+$/, '').split(/ (?=[a-z])/)[0] ?? ''
    const kind = secretKind(trimmed)
    if (kind !== undefined) found.push({ path: trimmed, offset: index, kind })
    if (found.length === maxPaths) break
  }
  return found
}

const aliases: Readonly<Record<string, readonly string[]>> = {
  gh: ['github'],
  gcp: ['google'],
  gemini: ['google'],
  aws: ['amazon'],
  azure: ['microsoft', 'windows.net'],
  hf: ['huggingface'],
  huggingface: ['hf.co'],
  claude: ['anthropic'],
  anthropic: ['claude'],
  npm: ['npmjs'],
}

/** Services of the user's own, at any host. */
const anywhere = new Set(['db', 'database', 'docker', 'vault', 'kube', 'gitlab', 'slack'])

/** Whether a variable's name speaks of a service that a host is not. */
export function isForeign(name: string, host: string): boolean {
  const service = serviceOf(name)
  if (service === undefined || host === '' || anywhere.has(service)) return false
  return ![service, ...(aliases[service] ?? [])].some((part) => host.includes(part))
}
