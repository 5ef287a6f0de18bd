/** Ids that a device makes alone: UUIDv7 (RFC 9562, section 5.7), as 32 hexadecimal digits. */

/** @returns {string} */
export function uuid7(now = Date.now()) {
  // getRandomValues works over plain HTTP too; randomUUID does not, and hubs are plain HTTP.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let at = 5, rest = now; at >= 0; at--, rest = Math.floor(rest / 256)) bytes[at] = rest % 256;
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
