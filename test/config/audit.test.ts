import { describe, expect, test } from 'vitest';
import { checkFile } from '../../src/config/check-file.ts';

function problemsOf(audit: string): string[] {
  return checkFile('shipmate.yaml', `access:\n  audit:\n    ${audit}\n`).problems.map(
    ({ where, message }) => `${where} ${message}`,
  );
}

describe('access.audit', () => {
  test('is 400 days, reads on stdout and nowhere else when nothing is said', () => {
    expect(checkFile('shipmate.yaml', 'access: {}\n').file?.access.audit).toEqual({ keep: '400d', reads: 'stdout' });
  });

  test('refuses what would lose the log or send it nowhere, with the line', () => {
    expect(problemsOf('keep: 400')[0]).toContain('shipmate.yaml:3');
    expect(problemsOf('keep: forever')).toEqual([expect.stringContaining('is not a duration')]);
    expect(problemsOf('keep: 10m')).toEqual([expect.stringContaining('at least 1d')]);
    expect(problemsOf('url: ftp://collector')).toHaveLength(1);
    expect(problemsOf('reads: etcd')).toEqual([expect.stringContaining('stdout, off')]);
  });
});
