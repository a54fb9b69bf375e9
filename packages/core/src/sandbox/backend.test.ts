import { expect, test } from 'vitest'
import { backendCandidates } from './backend.js'
import { usernsFix } from './userns-fix.js'

test('the strongest comes first, and a named one alone', () => {
  expect(backendCandidates(undefined, 'linux')).toEqual(['namespaces', 'landlock'])
  expect(backendCandidates(undefined, 'darwin')).toEqual(['seatbelt'])
  expect(backendCandidates('landlock', 'linux')).toEqual(['landlock'])
})

test.each<[unknown, NodeJS.Platform, string, string]>([
  ['seatbelt', 'linux', 'SANDBOX_UNAVAILABLE', 'is one for macOS'],
  ['namespaces', 'darwin', 'SANDBOX_UNAVAILABLE', 'is one for Linux'],
  ['none', 'linux', 'OPTION_INVALID', 'got "none"'],
  [1, 'linux', 'OPTION_INVALID', 'got 1'],
  [undefined, 'win32', 'SANDBOX_UNAVAILABLE', 'no sandbox for win32'],
])('%o on %s is %s', (wanted, platform, code, message) => {
  expect(() => backendCandidates(wanted, platform)).toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(message), hint: expect.any(String) }),
  )
})

test.each<[string, Record<string, string>, string | undefined]>([
  [
    'Ubuntu 24.04',
    { '/proc/sys/kernel/apparmor_restrict_unprivileged_userns': '1\n' },
    'sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0',
  ],
  [
    'a hardened Debian',
    { '/proc/sys/kernel/unprivileged_userns_clone': '0\n' },
    'sudo sysctl -w kernel.unprivileged_userns_clone=1',
  ],
  [
    'namespaces counted down to none',
    { '/proc/sys/user/max_user_namespaces': '0\n' },
    'sudo sysctl -w user.max_user_namespaces=15000',
  ],
  [
    'Docker',
    { '/.dockerenv': '' },
    'docker run --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined …',
  ],
  ['nothing known', { '/proc/sys/user/max_user_namespaces': '15000\n' }, undefined],
])('usernsFix() on %s', (_system, files, fix) => {
  expect(
    usernsFix(
      (file) => files[file],
      (file) => file in files,
    ),
  ).toBe(fix)
})
