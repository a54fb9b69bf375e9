/** A static program for Linux on x86-64 or arm64 that ends at once: its time is the sandbox's own. */
export function noOpProgram(architecture = process.arch) {
  const machines = {
    // mov eax, 60; xor edi, edi; syscall
    x64: { id: 62, code: [0xb8, 0x3c, 0, 0, 0, 0x31, 0xff, 0x0f, 0x05] },
    // mov x0, 0; mov x8, 93; svc 0
    arm64: { id: 183, code: [0, 0, 0x80, 0xd2, 0xa8, 0x0b, 0x80, 0xd2, 0x01, 0, 0, 0xd4] },
  }
  const machine = machines[architecture]
  if (machine === undefined) return undefined
  const HEADERS = 120
  const ADDRESS = 0x400000n
  const file = Buffer.alloc(HEADERS + machine.code.length)
  file.write('\x7fELF\x02\x01\x01', 'latin1')
  file.writeUInt16LE(2, 16)
  file.writeUInt16LE(machine.id, 18)
  file.writeUInt32LE(1, 20)
  file.writeBigUInt64LE(ADDRESS + BigInt(HEADERS), 24)
  file.writeBigUInt64LE(64n, 32)
  file.writeUInt16LE(64, 52)
  file.writeUInt16LE(56, 54)
  file.writeUInt16LE(1, 56)
  // one segment, readable and executable: the whole file
  file.writeUInt32LE(1, 64)
  file.writeUInt32LE(5, 68)
  file.writeBigUInt64LE(ADDRESS, 80)
  file.writeBigUInt64LE(ADDRESS, 88)
  file.writeBigUInt64LE(BigInt(file.length), 96)
  file.writeBigUInt64LE(BigInt(file.length), 104)
  file.writeBigUInt64LE(0x1000n, 112)
  Buffer.from(machine.code).copy(file, HEADERS)
  return file
}
