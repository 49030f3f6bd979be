import { beforeEach, describe, expect, test } from 'vitest';
import { type Access, createAccess } from '../../src/access/access.ts';
import { accessSchema } from '../../src/config/access.ts';
import type { Shelf } from '../../src/jobs/queues.ts';
import { createLogger } from '../../src/log.ts';
import { type Authority, createAuthority } from '../../src/pipeline/authority.ts';
import { decisionsOf } from '../../src/pipeline/decisions.ts';
import type { AnyChange, Plan } from '../../src/pipeline/definition.ts';

const LINUS = { team: 'T1', user: 'U1LINUS' };
const POLICY = {
  roles: { dev: [{ permissions: ['k8s:scale'], namespaces: ['shop'], args: { 'max-factor': 2 } }] },
  bindings: [{ role: 'dev', users: ['U1LINUS'] }],
  protected: { namespaces: ['shop'] },
};
const WEB = { cluster: 'demo', namespace: 'shop', resource: 'deployments.apps', name: 'web' };

/** A scaling whose kind every cluster knows. */
const scale = {
  name: 'k8s scale',
  permission: 'k8s:scale',
  risk: 'low',
  args: {},
  scope: () => ({ namespace: 'shop', targets: [{ type: 'deploy', name: 'web' }] }),
  facts: (plan: Plan<{ to: number }>) => ({ replicas: { from: 2, to: plan.data.to } }),
} as unknown as AnyChange;
const plan = (to: number): Plan => ({
  cluster: 'demo',
  namespace: 'shop',
  targets: ['deployment.apps/web'],
  summary: '',
  confirm: '',
  changes: [],
  warnings: [],
  risk: 'low',
  data: { to },
});
const cluster = {
  name: 'demo',
  defaultNamespace: 'default',
  resolve: async () => [{ group: 'apps', plural: 'deployments', namespaced: true }],
};

let access: Access;
let authority: Authority;
let shelf: Shelf;
beforeEach(() => {
  const kept = new Map<string, unknown>();
  shelf = {
    put: async (key, value) => void kept.set(key, value),
    get: async <T>(key: string) => kept.get(key) as T | undefined,
    claim: async () => true,
  };
  access = createAccess(accessSchema.parse(POLICY), {
    homeTeam: () => 'T1',
    groups: { of: () => [], refresh: async () => undefined, problem: () => undefined },
    claimed: () => new Set(),
    configured: true,
  });
  authority = createAuthority({
    access,
    identity: { admit: async () => undefined, isShared: async () => false, foresee: () => undefined },
    shelf,
    clusters: { names: ['demo'], get: () => cluster, all: () => [cluster] } as never,
    etcds: { names: [], get: () => undefined, all: () => [] } as never,
    clock: () => 1,
    log: createLogger('silent'),
  });
});

const at = (stage: 'command' | 'plan' | 'execution') => ({ id: 'i1', stage, person: LINUS });

describe('the authority of a change', () => {
  test('asks for the object with the defaults filled in, by its full kind', async () => {
    expect(await authority.command(at('command'), scale, {})).toEqual([{ permission: 'k8s:scale', ...WEB }]);
  });

  test('keeps what was asked in the plan and raises the risk where the config protects', async () => {
    const asked = await authority.command(at('command'), scale, {});

    expect(await authority.plan(at('plan'), scale, plan(4), asked)).toMatchObject({ asked, risk: 'high' });
  });

  test('refuses a plan that goes further than the limit', async () => {
    const asked = await authority.command(at('command'), scale, {});

    await expect(authority.plan(at('plan'), scale, plan(5), asked)).rejects.toThrow('max-factor');
  });

  test('stops a job whose requester lost the right, or whose limit was lowered, while it waited', async () => {
    const asked = await authority.command(at('command'), scale, {});
    const execution = { ...at('execution'), facts: scale.facts?.(plan(4)) };
    await authority.again(execution, asked);

    const lowered = { dev: [{ ...POLICY.roles.dev[0], args: { 'max-factor': 1.5 } }] };
    access.use(accessSchema.parse({ ...POLICY, roles: lowered }));
    await expect(authority.again(execution, asked)).rejects.toThrow('max-factor');

    access.use(accessSchema.parse({ ...POLICY, bindings: [] }));
    await expect(authority.again(execution, asked)).rejects.toThrow('k8s:scale is missing in demo/shop');
  });

  test('asks no cluster about anything for somebody who does not have the permission at all', async () => {
    let asked = 0;
    cluster.resolve = async () => {
      asked += 1;
      return [{ group: 'apps', plural: 'deployments', namespaced: true }];
    };

    await expect(
      authority.command({ ...at('command'), person: { team: 'T1', user: 'U1EVE' } }, scale, {}),
    ).rejects.toThrow('k8s:scale is missing');
    expect(asked).toBe(0);
  });

  test('keeps each decision for those who ask why', async () => {
    const asked = await authority.command(at('command'), scale, {});
    await authority.plan(at('plan'), scale, plan(9), asked).catch(() => undefined);

    await expect
      .poll(async () => (await decisionsOf(shelf, 'i1')).map(({ stage, allowed }) => [stage, allowed]))
      .toEqual([
        ['command', true],
        ['plan', false],
      ]);
  });
});
