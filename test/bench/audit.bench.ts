import { type Audit, openAudit } from '../../src/access/audit/audit.ts';
import { redactDraft } from '../../src/access/audit/redact-draft.ts';
import { digestOf, newId } from '../../src/ids.ts';
import { createLogger } from '../../src/log.ts';
import { intentOf, stepWrites } from '../../src/pipeline/audited.ts';
import { type ChangeRecord, confirm } from '../../src/pipeline/change.ts';
import { changesOn } from '../../src/pipeline/changes.ts';
import type { AnyChange, CommandContext, Plan } from '../../src/pipeline/definition.ts';
import { executeChange } from '../../src/pipeline/execute.ts';
import { openStore } from '../../src/state/etcd-store.ts';
import { startEtcd } from '../support/services.ts';
import { figuresOf, type Result } from './figures.ts';

const PERSON = { team: 'T1', user: 'U1' };

/** A change from its plan to its outcome on a real etcd, with and without the audit, by turns in one run. */
export async function benchAudit(rounds: number): Promise<Result[]> {
  const etcd = await startEtcd();
  const log = createLogger('silent');
  const store = openStore({ endpoints: [etcd.endpoint] }, { prefix: 'shipmate/v1/', log });
  const audit = openAudit(
    { reads: 'off', keepMs: 400 * 86_400_000 },
    { store, clock: Date.now, log, owner: 'bench', random: Math.random, redact: redactDraft },
  );
  const change = async (recorder: Audit | undefined): Promise<number> => {
    const changes = changesOn(store, () => recorder?.written(), recorder ? stepWrites(recorder, undefined) : undefined);
    const record = newChange();
    const startedAt = performance.now();
    await changes.create(record);
    await changes.apply(record.id, (found) => confirm(found, PERSON, Date.now()));
    await executeChange(record.id, new AbortController().signal, {
      changes,
      worker: 'bench',
      clock: Date.now,
      commandOf: () => ({ act: async () => ({ said: 'done' }) }) as unknown as AnyChange,
      contextOf: (_record, signal) => ({ signal, log, clock: Date.now }) as unknown as CommandContext,
      authorise: async () => undefined,
      progress: () => undefined,
      intend: async (found) => void (await recorder?.append(intentOf(found, Date.now()))),
      calls: () => [],
    });
    return performance.now() - startedAt;
  };
  try {
    for (let round = 0; round < 50; round++) await change(round % 2 === 0 ? audit : undefined);
    const bare: number[] = [];
    const audited: number[] = [];
    for (let round = 0; round < rounds; round++) {
      bare.push(await change(undefined));
      audited.push(await change(audit));
    }
    return [
      {
        what: 'a change, with audit over without',
        baseline: figuresOf(bare),
        shipmate: figuresOf(audited),
        target: 'p50 <= baseline + 5 ms',
      },
    ];
  } finally {
    await store.close();
    await etcd.stop();
  }
}

function newChange(): ChangeRecord {
  const plan: Plan = {
    cluster: 'demo',
    namespace: 'shop',
    targets: ['deployment.apps/web'],
    summary: 'Scale deployment.apps/web from 2 to 5 replicas',
    confirm: 'Scale web to 5',
    changes: [{ label: 'replicas', before: '2', after: '5' }],
    warnings: [],
    risk: 'low',
    data: {},
  };
  return {
    schemaVersion: 1,
    id: newId(),
    generation: 1,
    state: 'awaiting',
    command: 'k8s scale',
    shown: '/k8s scale deploy/web 5 -n shop',
    raw: '/k8s scale deploy/web 5 -n shop',
    person: PERSON,
    origin: { surface: 'slash', channel: 'C1', receivedAt: Date.now() },
    plan,
    digest: digestOf(plan),
    createdAt: Date.now(),
    expiresAt: Date.now() + 60_000,
  };
}
