/** The few ASN.1 values that a certificate is made of, in DER (X.690): tag, length, content. */
export function sequence(...parts: Uint8Array[]): Buffer {
  return tagged(0x30, ...parts);
}

export function set(...parts: Uint8Array[]): Buffer {
  return tagged(0x31, ...parts);
}

/** A non-negative integer from its big-endian bytes; a leading zero keeps it positive. */
export function integer(bytes: Uint8Array): Buffer {
  const start = bytes.findIndex((byte) => byte !== 0);
  const minimal = start === -1 ? Uint8Array.of(0) : bytes.subarray(start);
  return tagged(0x02, (minimal[0] as number) >= 0x80 ? Buffer.concat([Uint8Array.of(0), minimal]) : minimal);
}

export function yes(): Buffer {
  return tagged(0x01, Uint8Array.of(0xff));
}

/** `1.2.840.10045.4.3.2`: the first two arcs share a byte, the others are base 128 with a continuation bit. */
export function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return tagged(0x06, Uint8Array.from([first * 40 + second, ...rest.flatMap(base128)]));
}

export function text(value: string): Buffer {
  return tagged(0x0c, Buffer.from(value, 'utf8'));
}

export function octets(content: Uint8Array): Buffer {
  return tagged(0x04, content);
}

/** @param unusedBits how many of the last byte's low bits do not count. */
export function bits(content: Uint8Array, unusedBits = 0): Buffer {
  return tagged(0x03, Uint8Array.of(unusedBits), content);
}

/** UTCTime, which X.509 demands for years before 2050. @param epochMs milliseconds since the Unix epoch. */
export function utcTime(epochMs: number): Buffer {
  const digits = new Date(epochMs).toISOString().replaceAll(/[-:T]|\.\d+/g, '');
  return tagged(0x17, Buffer.from(digits.slice(2)));
}

/** Context-specific `[number]`: constructed around other values, or primitive around bytes. */
export function context(number: number, form: 'constructed' | 'primitive', ...parts: Uint8Array[]): Buffer {
  return tagged((form === 'constructed' ? 0xa0 : 0x80) + number, ...parts);
}

function tagged(tag: number, ...parts: Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Uint8Array.of(tag), length(content.length), content]);
}

function length(size: number): Uint8Array {
  if (size < 0x80) return Uint8Array.of(size);
  const bytes: number[] = [];
  for (let rest = size; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Uint8Array.of(0x80 + bytes.length, ...bytes);
}

function base128(arc: number): number[] {
  const bytes = [arc % 128];
  for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) bytes.unshift(0x80 + (rest % 128));
  return bytes;
}
