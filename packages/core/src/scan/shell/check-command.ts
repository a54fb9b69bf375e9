import { isForeign, secretKind } from '../text/secret-path.js'
import { findUrls, hostKind } from '../text/url.js'
import type { ShellValue, State } from './shell-value.js'

/** One command as it would be called. */
export interface CommandContext extends State {
  /** Base name of the program, without `sudo` and the like. */
  readonly name: string
  readonly args: readonly string[]
  readonly words: readonly string[]
  readonly offset: number
  readonly input: ShellValue
  /** What went into its words. */
  readonly used: ShellValue
  readonly background: boolean
  readonly privileged: boolean
  /** Whether sudo is to read a password from stdin. */
  readonly password: boolean
}

export interface Redirected {
  readonly operator: string
  readonly path: string
}

/** Notes what is remarkable about one command. */
export function checkCommand(command: CommandContext, redirects: readonly Redirected[]): void {
  if (command.words.length === 0 && redirects.length === 0) return
  checkSending(command, redirects)
  checkShells(command, redirects)
  checkWrites(command, redirects)
  checkDestruction(command, redirects)
  checkPrivileges(command)
  checkInstalls(command)
  checkSecrets(command)
}

function note(
  command: CommandContext,
  name: string,
  what?: string,
  host?: string,
  tags?: readonly string[],
): void {
  const { facts, unit, offset } = command
  facts.add({
    name,
    unit,
    offset,
    what: (what ?? command.words.join(' ')).slice(0, 120),
    ...(host && { host }),
    ...(tags && { tags }),
  })
}

const senders =
  /^(curl|wget|http|https|nc|ncat|netcat|socat|telnet|scp|rsync|sftp|ftp|mail|mailx|sendmail|mutt|nslookup|dig|host|ping|openssl|invoke-webrequest|iwr|irm|invoke-restmethod)$/
const curlData =
  /^(-d|-F|-T|--data\S*|--form\S*|--upload-file|--json|--post-data\S*|--post-file\S*|--body-file\S*|--body-data\S*|-Body|-InFile|-d@\S*|-F\S+|-T\S+|--get)$/i

function checkSending(command: CommandContext, redirects: readonly Redirected[]): void {
  const { name, args, input, used } = command
  const network = senders.test(name) || redirects.some(({ path }) => /^\/dev\/(tcp|udp)\//.test(path))
  if (!network) return
  const url = args.map((arg) => findUrls(arg)[0]).find((found) => found !== undefined)
  const host = url?.kind ?? (/^(scp|rsync)$/.test(name) ? 'other' : 'other')
  const sends = name !== 'curl' || args.some((arg) => curlData.test(arg)) || url !== undefined
  const secrets = [...used.secrets, ...(readsInput(name, args) ? input.secrets : [])]
  for (const arg of args) {
    const file =
      /^(?:@|--post-file=|--upload-file=|-T)(.+)$/.exec(arg)?.[1] ??
      (/^(scp|rsync|nc|ncat)$/.test(name) ? arg : undefined)
    if (file !== undefined && secretKind(file) !== undefined) secrets.push(file)
    else if (args[args.indexOf(arg) - 1] === '-T' && secretKind(arg) !== undefined) secrets.push(arg)
    else if (args[args.indexOf(arg) - 1] === '--upload-file' && secretKind(arg) !== undefined)
      secrets.push(arg)
  }
  if (host === 'local') return
  if (url !== undefined && args.some((arg) => curlData.test(arg)))
    note(command, 'network', url.text, host, [url.host])
  checkForeignKey(command, url)
  checkArchive(command, url)
  if (sends && secrets.length > 0) note(command, 'send-secret', secrets[0], host)
  if (sends && (used.environment || (input.environment && readsInput(name, args))))
    note(command, 'send-environment', url?.text, host)
  const names = [...used.names, ...input.names]
  if (
    names.length > 0 &&
    !args.some((arg) => /^(-H|--header|-u|--user|--oauth2-bearer|-K)$/.test(arg)) &&
    args.some((arg) => curlData.test(arg) || arg.includes('?')) &&
    host !== 'known'
  ) {
    note(command, 'send-variable', `${names[0]} to ${url?.host ?? name}`, host)
  }
  if (
    /^(nslookup|dig|host|ping)$/.test(name) &&
    (used.secrets.length > 0 || used.names.length > 0 || used.environment)
  ) {
    note(command, 'dns-exfiltration', args.join(' '))
  }
  if (url !== undefined && (host === 'collector' || host === 'metadata')) {
    if (host === 'metadata') note(command, 'cloud-metadata', url.text, host)
    else if (args.some((arg) => curlData.test(arg)) || name === 'nc')
      note(command, 'send-to-collector', url.text, host)
  }
}

/** An archive made here, or a key that is to be filled in, in what goes to somebody else. */
function checkArchive(command: CommandContext, url: { kind: string; text: string } | undefined): void {
  if (url === undefined || !/^(other|raw-ip|paste|shortener|collector|look-alike)$/.test(url.kind)) return
  for (const arg of command.args) {
    const file = /@(.{1,200})$/.exec(arg)?.[1] ?? arg
    const secret = command.secretFiles.get(file)
    if (secret !== undefined) note(command, 'send-secret', secret, url.kind)
    if (command.archives.has(file)) note(command, 'send-archive', `${file} to ${url.text}`, url.kind)
    if (/PRIVATE[_ ]?KEY|SEED[_ ]?PHRASE|MNEMONIC/i.test(arg)) note(command, 'send-secret', arg, url.kind)
  }
}

/** The key of one service in what goes to another. */
function checkForeignKey(
  command: CommandContext,
  url: { host: string; kind: string; text: string } | undefined,
): void {
  if (url === undefined || /^(local|example)$/.test(url.kind)) return
  for (const name of [...command.used.names, ...command.input.names]) {
    if (isForeign(name, url.host))
      note(command, 'send-foreign-key', `${name} to ${url.host}`, url.kind, [url.host])
  }
}

function readsInput(name: string, args: readonly string[]): boolean {
  if (name !== 'curl' && name !== 'wget') return true
  return args.some((arg) => /^@-$|=@-|^-$|^@\/dev\/stdin$/.test(arg))
}

function checkShells(command: CommandContext, redirects: readonly Redirected[]): void {
  const { name, args, input } = command
  const text = command.words.join(' ')
  const tcp =
    redirects.some(({ path }) => /^\/dev\/(tcp|udp)\//.test(path)) ||
    /\/dev\/(tcp|udp)\/[\w.$-]+\/[\w$]+/.test(text)
  if (tcp) note(command, 'reverse-shell', `${text} ${redirects.map(({ path }) => path).join(' ')}`.trim())
  if (/^(nc|ncat|netcat)$/.test(name) && args.some((arg) => /^-[a-z]*[ec]$|^--(sh-)?exec$/.test(arg)))
    note(command, 'reverse-shell')
  if (name === 'socat' && /exec:|system:/i.test(text)) note(command, 'reverse-shell')
  if (
    /^(nc|ncat|netcat)$/.test(name) &&
    command.unit.text
      .slice(Math.max(0, command.offset - 200), command.offset + 200)
      .match(/mkfifo|\/bin\/(ba)?sh -i/)
  ) {
    note(command, 'reverse-shell')
  }
  if (
    /^(xmrig|minerd|cpuminer|ethminer|nbminer|t-rex|phoenixminer|cgminer|bfgminer|lolminer)$/i.test(name) ||
    /stratum\+(tcp|ssl):\/\//.test(text)
  ) {
    note(command, 'miner')
  }
  void input
}

const startUpFile =
  /(^|\/)\.(bashrc|bash_profile|bash_login|bash_aliases|zshrc|zprofile|zshenv|zlogin|profile|xinitrc|xprofile|xsessionrc|config\/fish\/config\.fish)$|^\/etc\/(profile|bash\.bashrc|environment|rc\.local|profile\.d\/)/
const hookFile = /(^|\/)\.git\/hooks\/[a-z-]+$/
const agentFile =
  /(^|[/~])(\.claude\/(settings(\.local)?\.json|CLAUDE\.md|commands|agents|skills|hooks)|\.claude\.json|\.cursor\/(mcp\.json|rules)|\.cursorrules|\.codex\/(config\.toml|AGENTS\.md)|\.gemini\/(settings\.json|GEMINI\.md)|\.openclaw\/|\.clawdbot\/|\.moltbot\/|SOUL\.md|HEARTBEAT\.md|IDENTITY\.md|MEMORY\.md)/
const serviceFile =
  /Library\/Launch(Agents|Daemons)\/|(^|\/)(\.config\/systemd\/user|etc\/systemd\/system|usr\/lib\/systemd\/system)\/|\.config\/autostart\/|^\/etc\/(cron\.[a-z]+|crontab|init\.d)\b|^\/var\/spool\/cron/

/** What kind of lasting effect writing to a path has. */
export function lastingEffect(path: string): string | undefined {
  const end = path.slice(-200)
  if (/(^|\/)\.ssh\/authorized_keys$/.test(end)) return 'authorized-keys'
  if (startUpFile.test(end)) return 'shell-start-up'
  if (hookFile.test(end)) return 'git-hook'
  if (agentFile.test(end)) return 'agent-file'
  if (serviceFile.test(end)) return 'service-file'
  if (/^\/etc\/sudoers/.test(end)) return 'sudoers'
  if (/^\/etc\/(passwd|shadow|hosts|ld\.so\.preload|pam\.d)/.test(end)) return 'system-file'
  return undefined
}

function checkWrites(command: CommandContext, redirects: readonly Redirected[]): void {
  const { name, args } = command
  const targets = redirects.filter(({ operator }) => /^>/.test(operator)).map(({ path }) => path)
  if (name === 'tee') targets.push(...args.filter((arg) => !arg.startsWith('-')))
  if (/^(cp|mv|install|ln)$/.test(name)) targets.push(args.at(-1) ?? '')
  if (/^(sed|perl)$/.test(name) && args.some((arg) => /^-[a-z]*i/.test(arg))) targets.push(args.at(-1) ?? '')
  for (const path of targets) {
    const effect = lastingEffect(path)
    if (effect === undefined) continue
    const content = command.words.slice(1).join(' ')
    const harmless = effect === 'shell-start-up' && isPathLine(content)
    note(command, harmless ? 'path-line' : effect, path)
    if (/LD_PRELOAD|DYLD_INSERT_LIBRARIES/.test(content)) note(command, 'preload', content)
  }
  if (
    name === 'crontab' &&
    !args.some((arg) => /^-[elr]$/.test(arg)) &&
    (args.length > 0 || command.input !== undefined)
  ) {
    if (args.includes('-') || args.some((arg) => !arg.startsWith('-'))) note(command, 'cron')
  }
  checkRemote(command)
  if (name === 'at' && args.some((arg) => /^now/.test(arg))) note(command, 'cron')
  if (name === 'launchctl' && /^(load|bootstrap|enable)$/.test(args[0] ?? '')) note(command, 'service')
  if (name === 'systemctl' && args.includes('enable')) note(command, 'service')
  if (name === 'schtasks' && args.some((arg) => /^\/create$/i.test(arg))) note(command, 'cron')
  if (name === 'reg' && /\\Run(Once)?\b/i.test(args.join(' ')) && /^add$/i.test(args[0] ?? ''))
    note(command, 'cron')
  if (
    /^(export|declare)$/.test(name) &&
    /^(LD_PRELOAD|DYLD_INSERT_LIBRARIES)=\/?(tmp|var\/tmp|dev\/shm)?/.test(args[0] ?? '')
  )
    note(command, 'preload')
  if (
    /^(npm|pnpm|yarn)$/.test(name) &&
    args.includes('config') &&
    args.some((arg) => /^registry/.test(arg))
  ) {
    const url = findUrls(args.join(' '))[0]
    if (url !== undefined && url.kind !== 'known' && url.kind !== 'local')
      note(command, 'registry-redirect', url.text, url.kind)
  }
  const hidden = /(^|\/)\.[\w-]+$|^\/(tmp|var\/tmp|dev\/shm)\//.test(
    command.words.find((word) => word.includes('/')) ?? '',
  )
  if (
    command.background &&
    hidden &&
    (command.words.some((word) => word === 'nohup') || command.downloads.size > 0)
  )
    note(command, 'hidden-process')
}

/** A remote of somebody else's, and what is pushed there. */
function checkRemote(command: CommandContext): void {
  const { name, args, clones } = command
  if (name !== 'git') return
  if (
    args.includes('config') &&
    args.includes('--global') &&
    args.some((arg) => /^core\.(hooksPath|sshCommand|fsmonitor)$/i.test(arg))
  ) {
    note(command, 'global-hooks')
  }
  const at = args.indexOf('remote')
  if (at !== -1 && /^(add|set-url)$/.test(args[at + 1] ?? ''))
    clones.set(`remote ${args[at + 2]}`, args[at + 3] ?? '')
  const push = args.indexOf('push')
  const target =
    push === -1
      ? undefined
      : (clones.get(`remote ${args[push + 1]}`) ?? args.slice(push + 1).find((arg) => /^https?:/.test(arg)))
  if (target === undefined) return
  const kind = hostKind(target)
  if (!/^(known|owner|local|example|installer)$/.test(kind) && target !== '')
    note(command, 'push-elsewhere', target, kind)
}

function isPathLine(content: string): boolean {
  return !/[|`]|\$\(|curl|wget|base64|\bsudo\b|alias|nc\b|python|LD_PRELOAD/.test(
    content
      .replace(
        /\$\((brew|fnm|pyenv|rbenv|nodenv|direnv|starship|zoxide|mise|thefuck|pnpm|npm|uv|atuin|conda)[^)]{0,60}\)/g,
        '',
      )
      .replace(/eval/g, ''),
  )
}

const wholeRoots =
  /^(\/|~|\$HOME|\/home|\/Users|\/etc|\/usr|\/var|\/bin|\/root|C:\\?)(\/\.?\*?)?$|^(~|\/home\/[\w$]+|\/Users\/[\w$]+)\/?(\*|Documents|Desktop|Pictures|\.ssh)?\/?\*?$|^\/\*$/

function checkDestruction(command: CommandContext, redirects: readonly Redirected[]): void {
  const { name, args } = command
  const recursive = args.some((arg) => /^-[a-zA-Z]*[rR]/.test(arg) || arg === '--recursive')
  if (name === 'rm' && recursive) {
    const target = args.find((arg) => !arg.startsWith('-') && wholeRoots.test(arg))
    if (target !== undefined || args.includes('--no-preserve-root'))
      note(command, 'delete-everything', command.words.join(' '))
  }
  if (name === 'find' && args.includes('-delete') && wholeRoots.test(args[0] ?? '') && args.length <= 3)
    note(command, 'delete-everything')
  if (name === 'dd' && args.some((arg) => /^of=\/dev\/(sd|nvme|hd|vd|disk|mmcblk)/.test(arg)))
    note(command, 'overwrite-disk')
  if (/^mkfs(\.|$)/.test(name) && args.some((arg) => /^\/dev\//.test(arg))) note(command, 'overwrite-disk')
  if (/^(wipefs|blkdiscard)$/.test(name)) note(command, 'overwrite-disk')
  if (name === 'shred' && args.some((arg) => wholeRoots.test(arg) || /^\/dev\//.test(arg) || /^~/.test(arg)))
    note(command, 'delete-everything')
  if (
    redirects.some(({ operator, path }) => /^>/.test(operator) && /^\/dev\/(sd|nvme|hd|vd|disk)/.test(path))
  )
    note(command, 'overwrite-disk')
  if (
    name === 'chmod' &&
    recursive &&
    args.some((arg) => /^0?[0-7]?777$|^000$/.test(arg)) &&
    args.some((arg) => wholeRoots.test(arg))
  )
    note(command, 'delete-everything')
  if (name === 'vssadmin' && args.some((arg) => /^delete$/i.test(arg))) note(command, 'delete-everything')
}

function checkPrivileges(command: CommandContext): void {
  const { name, args, privileged } = command
  const text = args.join(' ')
  if (name === 'chmod' && args.some((arg) => /^0?[2467]7[0-7]{2}$|^[ugoa]*\+[rwx]*s/.test(arg)))
    note(command, 'setuid')
  if (name === 'spctl' && /--(master|global)-disable/.test(text)) note(command, 'protection-off')
  if (name === 'csrutil' && args.includes('disable')) note(command, 'protection-off')
  if (name === 'setenforce' && /^(0|permissive)$/i.test(args[0] ?? '')) note(command, 'protection-off')
  if (name === 'ufw' && args[0] === 'disable') note(command, 'protection-off')
  if (name === 'iptables' && args.includes('-F')) note(command, 'protection-off')
  if (
    name === 'systemctl' &&
    /\b(stop|disable|mask)\b/.test(text) &&
    /(apparmor|auditd|firewalld|falcon|clamav|ufw|selinux)/.test(text)
  )
    note(command, 'protection-off')
  if (
    name === 'xattr' &&
    /(-c|-d|-r|-cr|-rc|-dr|-rd)\b/.test(text) &&
    (/quarantine/.test(text) || /-[a-z]*c/.test(args[0] ?? ''))
  )
    note(command, 'quarantine-off')
  if (/^(docker|podman|nerdctl)$/.test(name)) {
    if (
      /-v[ =]?\/:|--volume[ =]\/:|--mount \S*source=\/,/.test(text) ||
      (/--privileged/.test(text) && /chroot|\/host|nsenter/.test(text))
    )
      note(command, 'container-escape')
    else if (/--privileged|\/var\/run\/docker\.sock/.test(text)) note(command, 'container-privileged')
  }
  if (name === 'sudo' || privileged) note(command, command.password ? 'sudo-password' : 'sudo')
  if (/^(usermod|adduser|useradd)$/.test(name) && /\b(sudo|wheel|root|docker)\b|-u 0\b|-ou? ?0/.test(text))
    note(command, 'sudoers', text)
  if (
    /--dangerously-skip-permissions|--yolo\b|--dangerously-bypass-approvals|--no-sandbox-agent|--skip-permissions/.test(
      text,
    )
  )
    note(command, 'approvals-off', text)
}

function checkInstalls(command: CommandContext): void {
  const { name, args } = command
  const text = args.join(' ')
  const pip =
    /^pip[\d.]*$|^pipx$/.test(name) ||
    (/^python[\d.]*$/.test(name) && /\bpip\b/.test(text)) ||
    (name === 'uv' && /\b(pip|add|tool)\b/.test(text))
  const npm = /^(npm|pnpm|yarn|bun)$/.test(name) && /\b(i|install|add|dlx|exec|x)\b/.test(text)
  const npx = /^(npx|bunx|uvx)$/.test(name)
  const url = findUrls(text)[0]
  if (pip && /\binstall\b|\badd\b/.test(text)) {
    const index = args.findIndex((arg) =>
      /^(-i|--index-url|--extra-index-url|--index|--find-links|-f)(=|$)/.test(arg),
    )
    if (index !== -1) {
      const at = args[index]?.includes('=') ? args[index] : args[index + 1]
      const found = findUrls(at ?? '')[0]
      if (
        found !== undefined &&
        found.kind !== 'known' &&
        found.kind !== 'local' &&
        found.kind !== 'installer'
      )
        note(command, 'registry-redirect', found.text, found.kind)
    } else if (url !== undefined) note(command, 'install-from-url', url.text, url.kind)
    if (/--break-system-packages/.test(text)) note(command, 'install-flag', text)
  }
  if ((npm || npx) && url !== undefined && !/--registry/.test(text))
    note(command, 'install-from-url', url.text, url.kind)
  if (npm && /--registry[ =]/.test(text) && url !== undefined && url.kind !== 'known' && url.kind !== 'local')
    note(command, 'registry-redirect', url.text, url.kind)
  if ((pip || npm || npx) && url === undefined) note(command, 'install-package', text)
  if (/^(gem|cargo|go|brew)$/.test(name) && url !== undefined && /install|tap|get/.test(text))
    note(command, 'install-from-url', url.text, url.kind)
}

function checkSecrets(command: CommandContext): void {
  const { name, args, input } = command
  const text = args.join(' ')
  if (name === 'security' && /^(dump-keychain|find-(generic|internet)-password\b.{0,200}-[a-z]*w)/.test(text))
    note(command, 'keychain-dump')
  if (
    /^(cat|head|tail|less|more|cp|tar|zip|base64|xxd|grep|strings|scp|rsync|find|open|type|get-content)$/.test(
      name,
    )
  ) {
    for (const arg of args) {
      const kind = secretKind(arg)
      if (kind !== undefined && kind !== 'agent-config') {
        command.facts.add({
          name: 'read-secret-file',
          unit: command.unit,
          offset: command.offset,
          what: arg.slice(0, 120),
          tags: [kind],
        })
        break
      }
    }
  }
  const metadata = findUrls(text).find((url) => hostKind(url.text) === 'metadata')
  if (metadata !== undefined) note(command, 'cloud-metadata', metadata.text, 'metadata')
  void input
}
