import { describe, expect, test } from 'vitest';
import { type AccessDeps, createAccess } from '../../src/access/access.ts';
import type { Groups } from '../../src/access/policy/groups.ts';
import { type AccessConfig, accessSchema } from '../../src/config/access.ts';

const ADA = { team: 'T1', user: 'U1ADA' };
const GRACE = { team: 'T1', user: 'U1GRACE' };
const NO_GROUPS: Groups = { of: () => [], refresh: async () => undefined, problem: () => undefined };

function access(config: Partial<AccessConfig>, deps: Partial<AccessDeps> = {}) {
  return createAccess(accessSchema.parse(config), {
    homeTeam: () => 'T1',
    groups: NO_GROUPS,
    claimed: () => new Set(),
    configured: true,
    ...deps,
  });
}

async function refusalOf(door: ReturnType<typeof access>, person: typeof ADA, permission = 'k8s:scale') {
  const judgement = await door.judge(person, [{ permission, anywhere: true }]);
  return judgement.allowed ? undefined : door.refusal(person, judgement);
}

describe('access.people', () => {
  const door = access({ people: ['U1ADA'] });

  test('lets those on it do everything', async () => {
    expect(await refusalOf(door, ADA)).toBeUndefined();
    expect(door.may(ADA, 'k8s:scale')).toBe(true);
  });

  test('refuses everybody else, naming the permission and how to get it', async () => {
    const refusal = await refusalOf(door, GRACE);

    expect(refusal?.message).toContain('k8s:scale');
    expect(refusal?.hint).toContain('U1GRACE');
    expect(refusal?.hint).toContain('access.people');
  });

  test('that is empty lets nobody do anything', () => {
    expect(access({}).may(ADA, 'k8s:get')).toBe(false);
  });

  test('leaves open what needs no permission, but only to the home workspace', () => {
    expect(door.may(GRACE, undefined)).toBe(true);
    expect(door.may({ ...GRACE, team: 'T9' }, undefined)).toBe(false);
  });

  test('lets nobody in while the bot does not know its own workspace', () => {
    expect(access({ people: ['U1ADA'] }, { homeTeam: () => undefined }).may(ADA, 'k8s:get')).toBe(false);
  });

  test('says how to begin when there is no config file', async () => {
    expect((await refusalOf(access({}, { configured: false }), ADA))?.message).toContain('no config file');
  });
});

describe('workspaces (T18: user ids can repeat across workspaces)', () => {
  test('a person of another workspace is refused, whatever the list says', () => {
    expect(access({ people: ['U1ADA'] }).may({ ...ADA, team: 'T9' }, 'k8s:get')).toBe(false);
  });

  test('the only workspace that is allowed need not be the one the bot is installed in', () => {
    expect(access({ people: ['U1ADA'], teams: ['T9'] }).may({ ...ADA, team: 'T9' }, 'k8s:get')).toBe(true);
  });

  test('a bare id means the home workspace: the same id in another allowed one is somebody else', () => {
    const door = access({ people: ['U1ADA'], teams: ['T1', 'T9'] });

    expect(door.may(ADA, 'k8s:get')).toBe(true);
    expect(door.may({ ...ADA, team: 'T9' }, 'k8s:get')).toBe(false);
  });

  test('a person of another allowed workspace is named with it', () => {
    const door = access({ people: ['T9/U1ADA'], teams: ['T1', 'T9'] });

    expect(door.may({ ...ADA, team: 'T9' }, 'k8s:get')).toBe(true);
    expect(door.may(ADA, 'k8s:get')).toBe(false);
  });

  test('a whole enterprise is accepted by its id', () => {
    const door = access({ people: ['U1ADA'], teams: ['E1'] });

    expect(door.may({ ...ADA, team: 'T9', enterprise: 'E1' }, 'k8s:get')).toBe(true);
  });
});

describe('administrators', () => {
  test('may do everything until somebody is bound, and are named in refusals afterwards', async () => {
    const door = access({ admins: ['U1ADA'] });
    expect(door.may(ADA, 'k8s:scale')).toBe(true);

    door.use(
      accessSchema.parse({
        admins: ['U1ADA'],
        roles: { reader: [{ permissions: ['k8s:get'] }] },
        bindings: [{ role: 'reader', users: ['U1ADA'] }],
      }),
    );

    const refusal = await refusalOf(door, ADA);
    expect(refusal?.people).toEqual(['U1ADA']);
    expect(door.may(ADA, 'k8s:get')).toBe(true);
  });

  test('by claim count like those of the config', () => {
    const claimed = new Set<string>();
    const door = access({}, { claimed: () => claimed });
    expect(door.isUnclaimed()).toBe(true);

    claimed.add('T1/U1ADA');

    expect(door.isUnclaimed()).toBe(false);
    expect(door.may(ADA, 'k8s:scale')).toBe(true);
    expect(door.may(GRACE, 'k8s:scale')).toBe(false);
  });
});

describe('user groups', () => {
  const bound = { roles: { all: [{ permissions: ['*'] }] }, bindings: [{ role: 'all', users: [], groups: ['S1'] }] };

  test('are read again before somebody is refused because of them', async () => {
    let members: readonly string[] = [];
    const groups: Groups = {
      of: (person) => (members.includes(person.user) ? ['S1'] : []),
      refresh: async () => {
        members = ['U1GRACE'];
      },
      problem: () => undefined,
    };

    expect(await refusalOf(access(bound, { groups }), GRACE)).toBeUndefined();
    expect(await refusalOf(access(bound, { groups }), ADA)).toBeDefined();
  });

  test('of the home workspace say nothing about people of another', async () => {
    const groups: Groups = { ...NO_GROUPS, of: () => ['S1'] };
    const door = access({ ...bound, teams: ['T1', 'T9'] }, { groups });

    expect(door.may({ ...ADA, team: 'T9' }, 'k8s:get')).toBe(false);
  });
});
