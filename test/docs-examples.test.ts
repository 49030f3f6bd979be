import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ConflictError } from '../src/errors.ts';
import type { AnyCommand, ChangeCommand, Plan, ReadCommand } from '../src/pipeline/definition.ts';
import { createRegistry, loadCommands } from '../src/pipeline/registry.ts';
import { startTyping, type Typed, workload } from './commands/k8s/typed.ts';

/** The commands that the pages show, written to files as a reader would, and used on the practice cluster. */
const root = resolve(import.meta.dirname, '..');
const PAGES = ['README.md', 'docs/writing-a-command.md'];

let world = '';
let ada: Typed;
let examples: AnyCommand[];
beforeAll(async () => {
  world = mkdtempSync(join(tmpdir(), 'shipmate-docs-'));
  writeFileSync(join(world, 'package.json'), '{"type":"module"}');
  writeFileSync(
    join(world, 'tsconfig.json'),
    JSON.stringify({ extends: join(root, 'tsconfig.json'), include: ['commands'] }),
  );
  for (const shared of ['src', 'node_modules']) symlinkSync(join(root, shared), join(world, shared));
  for (const page of PAGES) {
    for (const [, path, text] of readFileSync(join(root, page), 'utf8').matchAll(
      /<!-- example: (\S+) -->\n```ts\n([\s\S]*?)```/g,
    )) {
      mkdirSync(join(world, dirname(path as string)), { recursive: true });
      writeFileSync(join(world, path as string), text as string);
    }
  }
  examples = await loadCommands(join(world, 'commands'));
  ada = await startTyping({ seed: [workload('Deployment', 'web', 1)] as never });
});
afterAll(async () => {
  await ada?.stop();
  rmSync(world, { recursive: true, force: true });
});

function example<T extends AnyCommand>(name: string): T {
  const found = examples.find((command) => command.name === name);
  if (!found) throw new Error(`no page shows ${name}`);
  return found as T;
}

test('the examples pass the type check and load beside the real commands', async () => {
  const types = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', world, '--noEmit'], { encoding: 'utf8' });
  const real = await loadCommands(join(root, 'commands'));

  expect(types.stdout).not.toContain('commands/');
  expect(() => createRegistry([...real, ...examples])).not.toThrow();
});

test('the read of the README answers, and a missing Deployment is told in kubectl’s words', async () => {
  const image = example<ReadCommand>('k8s image');

  const message = await image.run({ name: 'web', namespace: 'shop' } as never, ada.context);

  expect(message.parts).toEqual([{ kind: 'list', items: ['main: registry.example/main:1'] }]);
  await expect(image.run({ name: 'wbe', namespace: 'shop' } as never, ada.context)).rejects.toThrow(
    'Error from server (NotFound): deployments.apps "wbe" not found',
  );
});

test('the change of the page has its effect once, knows that it had it, and refuses when the world moved', async () => {
  const team = example<ChangeCommand>('k8s team');
  const args = { name: 'web', team: 'shop-backend', namespace: 'shop' } as never;
  const plan = (await team.plan(args, ada.context)) as Plan;

  expect(plan.changes).toEqual([{ label: 'team', before: 'nobody', after: 'shop-backend' }]);
  expect(await team.verify(plan, ada.context)).toEqual({ applied: false });
  expect(await team.act(plan, ada.context)).toEqual({ said: 'deployment.apps/web labeled' });
  expect(await team.verify(plan, ada.context)).toMatchObject({ applied: true });
  await expect(team.act(plan, ada.context)).rejects.toThrow(ConflictError);
  expect(await team.plan(args, ada.context)).toHaveProperty('nothingToDo');
});
