import { describe, expect, test } from 'vitest'
import { findUrls, hostKind } from './url.js'

describe('hostKind()', () => {
  test.each([
    ['http://127.0.0.1:3000/x', 'local'],
    ['http://192.168.1.2/', 'local'],
    ['http://[::1]/', 'local'],
    ['http://localhost/', 'local'],
    ['http://203.0.113.5/a', 'raw-ip'],
    ['http://user@203.0.113.5:81/a', 'raw-ip'],
    ['http://3405803781/a', 'raw-ip'],
    ['http://169.254.169.254/latest', 'metadata'],
    ['https://pastebin.com/raw/x', 'paste'],
    ['https://bit.ly/x', 'shortener'],
    ['https://discord.com/api/webhooks/1/a', 'collector'],
    ['https://discord.com/developers', 'known'],
    ['https://api.telegram.org/bot123:x/sendMessage', 'collector'],
    ['https://sh.rustup.rs', 'installer'],
    ['https://raw.githubusercontent.com/nvm-sh/nvm/v1/install.sh', 'owner'],
    ['https://raw.githubusercontent.com/some-one/x/main/i.sh', 'known'],
    ['https://github.com/huggingface/transformers', 'owner'],
    ['https://githvb.com/x', 'look-alike'],
    ['https://g1thub.com/x', 'look-alike'],
    ['https://github.com.evil-host.io/x', 'look-alike'],
    ['https://pypi.org@evil-host.io/x', 'other'],
    ['https://gіthub.com/x', 'look-alike'],
    ['https://notgithub.io/x', 'other'],
  ])('%s is %s', (url, kind) => {
    expect(hostKind(url)).toBe(kind)
  })
})

test('findUrls() gives each address once, without the punctuation around it', () => {
  const found = findUrls('See (https://a.dev/x), <https://b.dev/?q=1>. https://c.dev/https://d.dev')
  expect(found.map(({ text, host }) => [text, host])).toEqual([
    ['https://a.dev/x', 'a.dev'],
    ['https://b.dev/?q=1', 'b.dev'],
    ['https://c.dev/https://d.dev', 'c.dev'],
  ])
})
