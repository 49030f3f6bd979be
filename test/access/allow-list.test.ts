import { describe, expect, test } from 'vitest';
import { type AllowList, allowListAccess } from '../../src/access/allow-list.ts';
import { PermissionError } from '../../src/errors.ts';

const LIST: AllowList = { people: ['U1ADA'], teams: [], configured: true };
const ADA = { team: 'T1', user: 'U1ADA' };
const GRACE = { team: 'T1', user: 'U1GRACE' };
const at = (list: AllowList) => allowListAccess(list, () => 'T1');

describe('the allow-list', () => {
  test('lets those on it do everything', () => {
    expect(at(LIST).may(ADA, 'k8s:scale')).toBe(true);
  });

  test('refuses everybody else, naming the permission and who can grant it', () => {
    expect(() => at(LIST).authorise(GRACE, 'k8s:scale')).toThrow(PermissionError);
    expect(() => at(LIST).authorise(GRACE, 'k8s:scale')).toThrow(/k8s:scale/);
  });

  test('that is empty lets nobody do anything', () => {
    expect(at({ ...LIST, people: [] }).may(ADA, 'k8s:get')).toBe(false);
  });

  test('leaves open what needs no permission, but only to the home workspace', () => {
    expect(at(LIST).may(GRACE, undefined)).toBe(true);
    expect(at(LIST).may({ ...GRACE, team: 'T9' }, undefined)).toBe(false);
  });

  test('refuses a listed person who comes from another workspace', () => {
    expect(at(LIST).may({ ...ADA, team: 'T9' }, 'k8s:get')).toBe(false);
    expect(at({ ...LIST, teams: ['T9'] }).may({ ...ADA, team: 'T9' }, 'k8s:get')).toBe(true);
  });

  test('accepts a whole enterprise by its id', () => {
    expect(at({ ...LIST, teams: ['E1'] }).may({ ...ADA, team: 'T9', enterprise: 'E1' }, 'k8s:get')).toBe(true);
  });

  test('lets nobody in while the bot does not know its own workspace', () => {
    expect(allowListAccess(LIST, () => undefined).may(ADA, 'k8s:get')).toBe(false);
  });

  test('says how to begin when there is no config file', () => {
    expect(() => at({ ...LIST, people: [], configured: false }).authorise(ADA, 'k8s:get')).toThrow(/no config file/);
  });
});
