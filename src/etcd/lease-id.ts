import { z } from 'zod';

/** A lease's decimal id as etcdctl prints it: 16 hex digits. (Lock keys carry it without the leading zeros: `hexId`.) */
export function leaseText(id: string): string {
  return BigInt(id).toString(16).padStart(16, '0');
}

/** A lease id as etcdctl writes it (hex), turned into the decimal that etcd's messages carry. */
export const leaseId = z.string().transform((typed, context) => {
  const digits = typed.replace(/^0x/i, '');
  // Lease ids are positive signed 64-bit numbers.
  if (/^[0-9a-f]{1,16}$/i.test(digits)) {
    const id = BigInt(`0x${digits}`);
    if (id > 0n && id < 2n ** 63n) return id.toString();
  }
  context.addIssue({
    code: 'custom',
    message: `bad lease ID "${typed}", expecting ID in Hex`,
  });
  return z.NEVER;
}) as unknown as z.ZodType<string>;
