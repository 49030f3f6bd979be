import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LEAN } from '../../deploy/sandbox/bot.ts';

const read = (file: string): string => readFileSync(join(import.meta.dirname, '../..', file), 'utf8');

test('npm start, the image and the sandbox start the bot with the same memory flags', () => {
  const flags = LEAN.join(' ');
  const { start } = (JSON.parse(read('package.json')) as { scripts: { start: string } }).scripts;

  expect(start).toContain(` ${flags} `);
  expect(read('deploy/Dockerfile')).toContain(
    `CMD ${JSON.stringify(['node', ...LEAN, 'src/main.ts']).replaceAll(',', ', ')}`,
  );
});

test('the cache of the image is made with the flags of the bot, without which it is good for nothing', () => {
  expect(read('deploy/Dockerfile')).toContain(`RUN node ${LEAN.join(' ')} deploy/warm-up.ts`);
});
