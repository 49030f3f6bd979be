import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Audit, openAudit } from '../../src/access/audit/audit.ts';
import { type Entry, entryPath } from '../../src/access/audit/entry.ts';
import { redactDraft } from '../../src/access/audit/redact-draft.ts';
import { createLogger } from '../../src/log.ts';
import { openStore } from '../../src/state/etcd-store.ts';
import type { Store } from '../../src/state/store.ts';
import { type EtcdService, startEtcd } from '../support/services.ts';

const log = createLogger('silent');
const ADA = { team: 'T1', user: 'U1ADA' };

let etcd: EtcdService;
let store: Store;
let audit: Audit;
beforeAll(async () => {
  etcd = await startEtcd();
  store = openStore({ endpoints: [etcd.endpoint] }, { prefix: 'shipmate/v1/', log });
  const deps = { store, clock: Date.now, log, owner: 'a', random: Math.random, redact: redactDraft };
  audit = openAudit({ reads: 'off', keepMs: 1e12 }, deps);
});
afterAll(async () => {
  await store?.close();
  await etcd?.stop();
});

/** Everything that etcd holds for the audit, as text. */
async function kept(): Promise<string> {
  return JSON.stringify(await store.list('audit/'));
}

test('T23: who, what, where, why and which plan are kept, and no secret with them', async () => {
  const secret = 'hunter2-Zx81kQp0';
  const entry = await audit.append({
    type: 'intent',
    at: 1,
    invocation: 'ione',
    who: ADA,
    command: 'etcd put',
    typed: `/etcd put /app/db/password ${secret}`,
    parsed: `/etcd put /app/db/password ${secret}`,
    where: { etcd: 'main', channel: 'C1' },
    targets: ['/app/db/password'],
    digest: 'd'.repeat(64),
    reason: `because password=${secret}`,
    said: `Authorization: Bearer ${secret}`,
  });

  expect(entry).toMatchObject({ who: ADA, where: { etcd: 'main' }, targets: ['/app/db/password'] });
  expect(entry.digest).toBe('d'.repeat(64));
  const text = await kept();
  expect(text).toContain('/app/db/password');
  for (const form of [secret, Buffer.from(secret).toString('base64'), Buffer.from(secret).toString('hex')])
    expect(text).not.toContain(form);
});

test('T23: entries can be added and read; nothing in its interface changes or removes one', () => {
  const known = ['append', 'find', 'pending', 'read', 'refused', 'start', 'verify', 'written'];

  expect(Object.keys(audit).sort()).toEqual(known);
});

test('T23: an entry that somebody altered in etcd is named by its number', async () => {
  for (const invocation of ['itwo', 'ithree']) await audit.append({ type: 'planned', at: 2, invocation, who: ADA });
  expect((await audit.verify()).broken).toBeUndefined();
  const found = await store.get<Entry>(entryPath(2));
  const value = { ...found?.value, who: { team: 'T1', user: 'U1EVE' } };

  await store.commit([{ op: 'put', path: entryPath(2), value, expect: 'any' }]);

  expect(JSON.stringify((await audit.verify()).broken)).toContain('2');
});
